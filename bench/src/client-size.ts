import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from './figures.js'

const dir = join(__dirname, '..', '..', 'client', 'dist', 'assets')

/** The built files that are loaded when these chunks are, with what they import and their styles. */
const filesOf = (chunks: readonly string[]): Set<string> => {
  const names = readdirSync(dir).filter(name => /\.(js|css)$/.test(name))
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    const content = readFileSync(join(dir, name), 'utf8')
    for (const [, file] of content.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) visit(file ?? '')
  }
  for (const chunk of chunks) {
    const own = names.filter(name => name.startsWith(`${chunk}-`))
    if (!own.some(name => name.endsWith('.js'))) throw new Error(`There is no chunk ${chunk}.`)
    for (const name of own) visit(name)
  }
  return found
}

const kilobytes = (files: Iterable<string>): number =>
  [...files].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(dir, name)), { level: 9 }).length,
    0,
  ) / 1000

/** What the SPA loads, script and style, in gzip's bytes. */
export const measureClient = (): Figure[] => {
  const signIn = filesOf(['index', 'SignInPage'])
  const usersPage = filesOf(['index', 'ApiProvider', 'Shell', 'UsersPage'])
  const profile = filesOf(['index', 'ApiProvider', 'Shell', 'EditUserPage'])
  const beyond = (files: Set<string>, loaded: Set<string>) =>
    [...files].filter(name => !loaded.has(name))
  const figure = (name: string, files: Iterable<string>, aim?: number): Figure => {
    const value = kilobytes(files)
    return {
      name,
      value,
      unit: 'kB gz',
      ...(aim === undefined ? {} : { ratio: value / aim, of: `${aim} kB`, aim: '1 or less' }),
    }
  }
  return [
    figure('first load, sign-in page', signIn, 140),
    figure('first load, Users page', usersPage, 200),
    figure('the dialog, beyond its page', beyond(filesOf(['ChangePasswordDialog']), profile)),
    figure('the strength meter’s part, lazily', beyond(filesOf(['strength']), profile)),
    figure('commonly used passwords, lazily', beyond(filesOf(['strict-list']), profile)),
  ]
}
