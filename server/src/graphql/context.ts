import type { AccessRefusal, Actor, Subject } from '@rekey/shared/access'
import type { AccessFacts } from '../http/access-log.js'
import type { AnswerCookies } from '../http/answer-cookies.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { Language } from '../messages/language.js'
import type { Authentication, Caller, SessionCaller } from '../users/caller.js'
import {
  passwordChangeRequired,
  secondFactorEnrolmentRequired,
  sessionRequired,
  unauthenticated,
} from './api-error.js'

/** What a signed-in caller may do before they meet a requirement such as a password change. */
export interface SignedInOptions {
  readonly evenIfPasswordMustChange?: boolean
  readonly evenIfSecondFactorMissing?: boolean
}

/** What a resolver knows about its request, and what it can set on the answer. */
export interface Context extends Authentication {
  /** Set again if the request is executed once (`idempotency/`). */
  origin: RequestOrigin
  /** The language of messages in the answer, as the request wants it. */
  readonly language: Language
  /** What the access log records about the request. */
  readonly accessFacts: AccessFacts
  /** The token of a browser in which someone has signed in before. */
  readonly deviceToken: string | undefined
  /** The token of a trusted browser, which needs no second factor. */
  readonly trustedDeviceToken: string | undefined
  /** The cookies of the answer. */
  readonly cookies: AnswerCookies
  /**
   * Records that the caller lacked a permission; with the user concerned if the id belongs to one.
   */
  recordRefusal(action: string, userId: string | null): Promise<void>
  /**
   * The caller, in a session or with an API token.
   *
   * @throws UNAUTHENTICATED without a caller; FORBIDDEN if they must first change their password or
   * enrol a second factor, unless the options allow this action. An API token cannot be used until
   * its owner has done so.
   */
  requireSignedIn(options?: SignedInOptions): Caller
  /**
   * The caller, for actions that an API token cannot perform.
   *
   * @throws as {@link requireSignedIn}; SESSION_REQUIRED for an API token.
   */
  requireSession(options?: SignedInOptions): SessionCaller
}

/** The parts of a context that come from the HTTP request. */
export type ContextParts = Omit<Context, 'requireSignedIn' | 'requireSession'>

/** Creates a context from the parts that come from the HTTP request. */
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

/**
 * The reason why a rule of shared/access denies the caller an action on a user; null if it is
 * allowed.
 */
export const refusalFor = (
  { caller }: Context,
  user: Subject,
  rule: (actor: Actor, user: Subject) => AccessRefusal | null,
): AccessRefusal | null => (caller === null ? 'PERMISSION_MISSING' : rule(caller, user))
