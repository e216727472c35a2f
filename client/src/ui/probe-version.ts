import { isOffline } from './connection'

/** Why a file of the app could not be loaded. */
export type FileProblem = 'offline' | 'unreachable' | 'server' | 'newVersion' | 'file'

const mainFileOf = (page: Document): string | null | undefined =>
  page.querySelector('script[type=module][src]')?.getAttribute('src')

/** Finds out why a file of the app could not be loaded: asks the server which version it has. */
export const probeVersion = async (): Promise<FileProblem> => {
  try {
    const answer = await fetch('/sign-in', { cache: 'no-store', headers: { accept: 'text/html' } })
    if (answer.status >= 500) return 'server'
    const served = mainFileOf(new DOMParser().parseFromString(await answer.text(), 'text/html'))
    return served == null || served === mainFileOf(document) ? 'file' : 'newVersion'
  } catch {
    return isOffline() ? 'offline' : 'unreachable'
  }
}

/**
 * Whether a failure is that of a file of the app. Browsers use different messages for it, and Vite
 * has another one for style sheets.
 */
export const isFileProblem = (failure: unknown): boolean =>
  failure instanceof Error &&
  /dynamically imported module|Importing a module script failed|Unable to preload CSS/i.test(
    failure.message,
  )
