import { useSyncExternalStore } from 'react'

/** How the account looks. */
export interface AccountLook {
  readonly name: string
  /** Ten shades of the accent colour; null for Rekey’s own. */
  readonly shades: readonly string[] | null
  readonly logoUrl: string | null
}

/** A fact that the server has written into the page. In development it stays a placeholder. */
const factOf = (written: string | undefined): string =>
  written === undefined || written.startsWith('__') ? '' : written

const readLook = ({ accountName, accountShades, accountLogo }: DOMStringMap): AccountLook => {
  const shades = factOf(accountShades)
  return {
    name: factOf(accountName) || 'Rekey',
    shades: shades === '' ? null : shades.split(','),
    logoUrl: factOf(accountLogo) || null,
  }
}

let current = readLook(document.documentElement.dataset)
const listeners = new Set<() => void>()

/** Changes the look of this page after it was saved. */
export const showAccountLook = ({ name, shades, logoUrl }: AccountLook): void => {
  current = { name, shades, logoUrl }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** How the account looks. The page knows it before the API answers. */
export const useAccountLook = (): AccountLook => useSyncExternalStore(subscribe, () => current)
