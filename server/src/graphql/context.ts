import type { AccessRefusal, Actor, Subject } from '@rekey/shared/access'
import type { TokenCaller } from '../api-tokens/api-token-verifier.js'
import type { AnswerCookies } from '../http/answer-cookies.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { SessionEndReason } from '../sessions/session.entity.js'
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

/** Where a request comes from, by the credential it brought. */
export interface Authentication {
  /** Who is calling, in a session or by an API token; null when nobody is known. */
  readonly signedIn: Caller | null
  /** The API token the request brought, otherwise its session token; valid or not. */
  readonly credential: string | undefined
  /** The session token the request brought, valid or not. */
  readonly sessionToken: string | undefined
  /** Why the session it came with has ended, where that is known. */
  readonly sessionEndReason: SessionEndReason | null
}

/** What a resolver knows of its request, and may do to its answer. */
export interface Context extends Authentication {
  readonly origin: RequestOrigin
  /** The token that marks a browser in which someone has signed in before. */
  readonly deviceToken: string | undefined
  /** The token of a browser that is not to be asked for a second factor. */
  readonly trustedDeviceToken: string | undefined
  /** The cookies of the answer. */
  readonly cookies: AnswerCookies
  /** Records that the caller was refused a permission, on a user when there is one with that id. */
  recordRefusal(action: string, userId: string | null): Promise<void>
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
}

/** The part of a context that HTTP knows. */
export type ContextParts = Omit<Context, 'requireSignedIn' | 'requireSession'>

/** Makes a context out of what HTTP knows. */
export const contextOf = (parts: ContextParts): Context => {
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
