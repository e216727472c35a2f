import { createHash, randomBytes } from 'node:crypto'

/** A new opaque token: 256 random bits. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/**
 * The hash that is stored in place of a token. A fast hash is enough for 256 random bits. It cannot
 * be used to sign in, so a leaked database contains no usable token.
 */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
