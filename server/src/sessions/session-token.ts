import { createHash, randomBytes } from 'node:crypto'

/** A fresh opaque token: 256 random bits. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/**
 * What is stored in place of a token. A fast hash is enough for 256 random bits,
 * and whoever reads the database can't sign in with it.
 */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
