import { type ForeignHash, readForeignHash } from './foreign-hash.js'
import type { WorkKind } from './hash-work.js'

// No format of a hash begins like this, so nobody can mistake an imported hash for Rekey's own: an
// imported argon2 hash looks the same, but may be of bytes that are not in NFC.
const mark = 'imported:'

/** How every stored hash begins that was imported and needs this kind of work. */
export const prefixOfKind = (kind: WorkKind): string => `${mark}${kind}:`

/** The form in which an imported hash is stored until its user signs in. */
export const storedForm = (foreign: ForeignHash, text: string): string =>
  `${prefixOfKind(foreign.work.kind)}${text}`

/** Whether a stored hash was imported. */
export const isImported = (stored: string): boolean => stored.startsWith(mark)

/**
 * Reads a stored hash that was imported.
 *
 * @throws Error if the hash is unreadable, which the import rules out.
 */
export const readImported = (stored: string): ForeignHash => {
  const text = stored.slice(stored.indexOf(':', mark.length) + 1)
  const foreign = readForeignHash(text)
  if (typeof foreign === 'string') throw new Error('An imported password hash is unreadable.')
  return foreign
}
