import type { AccessRefusal, Actor, Subject } from '@rekey/shared/access'
import type { AccessFacts } from '../http/access-log.js'
import type { AnswerCookies } from '../http/answer-cookies.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { Authentication, Caller, SessionCaller } from '../users/caller.js'
import {
  passwordChangeRequired,
  secondFactorEnrolmentRequired,
  sessionRequired,
  unauthenticated,
} from './api-error.js'

/** What someone in a session may do although something else is asked of them first. */
export interface SignedInOptions {
  readonly evenIfPasswordMustChange?: boolean
  readonly evenIfSecondFactorMissing?: boolean
}

/** What a resolver knows of its request, and may do to its answer. */
export interface Context extends Authentication {
  /** Set again when the request turns out to be executed once (`idempotency/`). */
  origin: RequestOrigin
  /** What the access log tells of the request. */
  readonly accessFacts: AccessFacts
  /** The token that marks a browser in which someone has signed in before. */
  readonly deviceToken: string | undefined
  /** The token of a browser that is not to be asked for a second factor. */
  readonly trustedDeviceToken: string | undefined
  /** The cookies of the answer. */
  readonly cookies: AnswerCookies
  /** Records that the caller was refused a permission, on a user when there is one with that id. */
  recordRefusal(action: string, userId: string | null): Promise<void>
  /**
   * The caller, in a session or with an API token.
   *
   * @throws UNAUTHENTICATED without a caller; FORBIDDEN when they must change their password or
   * enrol a second factor first, unless that is what they are about to do. An API token cannot
   * be used until its owner has done so.
   */
  requireSignedIn(options?: SignedInOptions): Caller
  /**
   * The caller, for actions that an API token cannot perform.
   *
   * @throws as {@link requireSignedIn}; SESSION_REQUIRED with an API token.
   */
  requireSession(options?: SignedInOptions): SessionCaller
}

/** The part of a context that HTTP knows. */
export type ContextParts = Omit<Context, 'requireSignedIn' | 'requireSession'>

/** Makes a context out of what HTTP knows. */
export const contextOf = (parts: ContextParts): Context => {
  const requireSignedIn = (options?: SignedInOptions): Caller => {
    const { caller } = parts
    if (caller === null) throw unauthenticated()
    const allowed = caller.session === null ? {} : (options ?? {})
    if (caller.mustChangePassword && allowed.evenIfPasswordMustChange !== true) {
      throw passwordChangeRequired()
    }
    if (caller.mustEnrolSecondFactor && allowed.evenIfSecondFactorMissing !== true) {
      throw secondFactorEnrolmentRequired()
    }
    return caller
  }
  return {
    ...parts,
    requireSignedIn,
    requireSession: options => {
      const caller = requireSignedIn(options)
      if (caller.session === null) throw sessionRequired()
      return { ...caller, session: caller.session }
    },
  }
}

/** Why the caller may not do something to a user, by a rule of shared/access; null when they may. */
export const refusalFor = (
  { caller }: Context,
  user: Subject,
  rule: (actor: Actor, user: Subject) => AccessRefusal | null,
): AccessRefusal | null => (caller === null ? 'PERMISSION_MISSING' : rule(caller, user))
