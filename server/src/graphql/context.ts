import type { RequestOrigin } from '../http/request-origin.js'
import type { SignedIn } from '../sessions/session.service.js'
import { unauthenticated } from './api-error.js'

/** What a resolver knows of its request, and may do to its answer. */
export interface Context {
  readonly origin: RequestOrigin
  /** Who is signed in, or null. */
  readonly signedIn: SignedIn | null
  /** The token the request came with, whether it is good or not. */
  readonly sessionToken: string | undefined
  /**
   * Who is signed in.
   * @throws UNAUTHENTICATED when nobody is.
   */
  requireSignedIn(): SignedIn
  /** Sends the session cookie. */
  setSessionToken(token: string): void
  /** Takes the session cookie away. */
  clearSessionToken(): void
}

/** The part of a context that HTTP knows. */
export type ContextParts = Omit<Context, 'requireSignedIn'>

/** Makes a context out of what HTTP knows. */
export const contextOf = (parts: ContextParts): Context => ({
  ...parts,
  requireSignedIn: () => {
    if (parts.signedIn === null) throw unauthenticated()
    return parts.signedIn
  },
})
