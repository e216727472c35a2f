import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { unauthenticated } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import { fullNameOf } from '../users/user-keys.js'
import type { PasswordMailService } from './password-mail.service.js'

/** What replaced a password, as far as the effects depend on it. */
export type ReplacementSource =
  | {
      readonly kind: 'change'
      /** The user who changed the password, and has proved their identity. */
      readonly caller: Caller
      /** Whether the caller's password was their full proof: false if they have a second factor. */
      readonly callerFullyProved: boolean
      readonly mustChangeAtNextSignIn: boolean
    }
  | {
      readonly kind: 'reset'
      /** Whether the link was sent to the login, so that its use verifies the login. */
      readonly linkSentToLogin: boolean
    }

/** Applies the consequences of a replaced password (decision 0008), in the same transaction. */
export class PasswordEffectsService {
  constructor(
    private readonly sessions: SessionService,
    private readonly links: OneTimeLinkService,
    private readonly mails: PasswordMailService,
    private readonly throttle: ThrottleService,
  ) {}

  /**
   * Ends the user's reset links and sessions, clears the count of wrong guesses by strangers, and
   * sends the notice. A caller who changed their own password in a session keeps that session,
   * with a fresh token.
   *
   * @param activated whether the user was invited until now. Then their invitation ends too, and the
   * notice is about a new account.
   * @returns the fresh token; null after a reset, and for a caller with an API token.
   * @throws UNAUTHENTICATED when the caller's session has ended in the meantime.
   */
  async applyEffects(
    unit: WritingUnitOfWork,
    user: UserEntity,
    source: ReplacementSource,
    activated: boolean,
    origin: RequestOrigin,
  ): Promise<string | null> {
    if (activated) {
      await this.links.revoke(unit, 'INVITATION', user.id)
      await this.mails.discardInvitation(unit, user.id)
    }
    await this.links.endPasswordResets(unit, user.id)
    await this.throttle.clear(unit, 'NEW_PASSWORD', { id: user.id, login: user.loginKey })
    if (source.kind === 'reset') {
      await this.sessions.endAll(unit, user.id, null, 'PASSWORD_RESET')
      const viaResetLink = source.linkSentToLogin ? 'SENT' : 'HANDED_OVER'
      await this.mails.sendChangeNotice(unit, user, origin, { viaResetLink })
      return null
    }
    const { caller, callerFullyProved } = source
    const own = caller.id === user.id
    const keptSessionId = own ? (caller.session?.id ?? null) : null
    await this.sessions.endAll(unit, user.id, keptSessionId, 'PASSWORD_CHANGED')
    const sessionToken = await this.rotateSession(unit, caller, callerFullyProved, origin)
    if (activated) {
      await this.mails.sendActivationNotice(unit, user, origin, fullNameOf(caller))
      return sessionToken
    }
    await this.mails.sendChangeNotice(
      unit,
      user,
      origin,
      own ? { viaApiToken: caller.apiToken?.prefix ?? null } : { changedBy: fullNameOf(caller) },
    )
    return sessionToken
  }

  private async rotateSession(
    unit: WritingUnitOfWork,
    { session }: Caller,
    fullyProved: boolean,
    origin: RequestOrigin,
  ): Promise<string | null> {
    if (session === null) return null
    const token = await this.sessions.rotate(unit, session.id, fullyProved, origin)
    // Someone else has ended the session, so the whole change must fail.
    if (token === null) throw unauthenticated()
    return token
  }
}
