import type { AccessRefusal, Actor, Subject } from '@rekey/shared/access'
import type { TokenCaller } from '../api-tokens/api-token-verifier.js'
import type { Authentication } from '../http/authentication.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { SignedIn } from '../sessions/session.service.js'
import {
  passwordChangeRequired,
  secondFactorEnrolmentRequired,
  sessionRequired,
  unauthenticated,
} from './api-error.js'

/** Who is calling: someone signed in, or an API token of theirs. */
export type Caller = SignedIn | TokenCaller

/** What someone in a session may do although something else is asked of them first. */
export interface SignedInOptions {
  readonly evenIfPasswordMustChange?: boolean
  readonly evenIfSecondFactorMissing?: boolean
}

/** What resolvers have done to an answer so far, for those who keep answers. */
export interface AnswerNotes {
  /** Whether a mutation has come to an end that is not to be come to again. */
  settled: boolean
  /** The tokens it sends as cookies; null where it takes one away. */
  readonly tokens: { session?: string | null; device?: string; trustedDevice?: string }
}

/** What a resolver knows of its request, and may do to its answer. */
export interface Context extends Authentication {
  readonly origin: RequestOrigin
  /** The token that marks a browser in which someone has signed in before. */
  readonly deviceToken: string | undefined
  /** The token of a browser that is not to be asked for a second factor. */
  readonly trustedDeviceToken: string | undefined
  /** What was done to the answer so far. */
  readonly answer: AnswerNotes
  /**
   * Who is calling, in a session or by an API token.
   *
   * @throws UNAUTHENTICATED when nobody is known; FORBIDDEN when they have to change their
   * password or enrol a second factor first, unless that is what they are about to do.
   * A token can do nothing for someone who has to.
   */
  requireSignedIn(options?: SignedInOptions): Caller
  /**
   * Who is signed in, for what an API token can't do.
   *
   * @throws as {@link requireSignedIn}; SESSION_REQUIRED when they call by an API token.
   */
  requireSession(options?: SignedInOptions): SignedIn
  /** Sends the session cookie. */
  setSessionToken(token: string): void
  /** Takes the session cookie away. */
  clearSessionToken(): void
  /** Marks the browser as one in which someone has signed in. */
  setDeviceToken(token: string): void
  /** Marks the browser as one that is not to be asked for a second factor. */
  setTrustedDeviceToken(token: string): void
}

/** The part of a context that HTTP knows. */
export type ContextParts = Omit<Context, 'answer' | 'requireSignedIn' | 'requireSession'>

/** Makes a context out of what HTTP knows. */
export const contextOf = (parts: ContextParts): Context => {
  const answer: AnswerNotes = { settled: false, tokens: {} }
  const { tokens } = answer
  const requireSignedIn = (options?: SignedInOptions): Caller => {
    const { signedIn } = parts
    if (signedIn === null) throw unauthenticated()
    const allowed = signedIn.session === null ? {} : (options ?? {})
    if (signedIn.user.mustChangePassword && allowed.evenIfPasswordMustChange !== true) {
      throw passwordChangeRequired()
    }
    if (signedIn.mustEnrolSecondFactor && allowed.evenIfSecondFactorMissing !== true) {
      throw secondFactorEnrolmentRequired()
    }
    return signedIn
  }
  return {
    ...parts,
    answer,
    setSessionToken: token => {
      tokens.session = token
      parts.setSessionToken(token)
    },
    clearSessionToken: () => {
      tokens.session = null
      parts.clearSessionToken()
    },
    setDeviceToken: token => {
      tokens.device = token
      parts.setDeviceToken(token)
    },
    setTrustedDeviceToken: token => {
      tokens.trustedDevice = token
      parts.setTrustedDeviceToken(token)
    },
    requireSignedIn,
    requireSession: options => {
      const caller = requireSignedIn(options)
      if (caller.session === null) throw sessionRequired()
      return caller
    },
  }
}

/** Why the caller may not do something to a user, by a rule of shared/access; null when they may. */
export const refusalFor = (
  { signedIn }: Context,
  user: Subject,
  rule: (actor: Actor, user: Subject) => AccessRefusal | null,
): AccessRefusal | null => (signedIn === null ? 'PERMISSION_MISSING' : rule(signedIn.user, user))
