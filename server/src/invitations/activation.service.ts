import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import type { Database } from '../database/database.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type {
  OneTimeLinkLookup,
  OneTimeLinkService,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordService } from '../passwords/password.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { UserEntity } from '../users/user.entity.js'

/** A request to activate an account. */
export interface Activation {
  /** The token of the invitation's link. */
  readonly token: string
  readonly password: string
  /** The session token that the browser sent; that session ends. */
  readonly previousToken: string | undefined
}

/** The link is not valid. */
interface LinkInvalid {
  readonly kind: 'linkInvalid'
  readonly status: Exclude<OneTimeLinkLookup['status'], 'VALID'>
}

/** The result of the transaction. */
type Activated =
  | { readonly kind: 'active'; readonly user: UserEntity; readonly sessionToken: string }
  | LinkInvalid

/** The result of a request to activate an account. */
export type ActivationResult =
  | {
      readonly kind: 'active'
      readonly user: UserEntity
      readonly sessionToken: string
      /** Marks the browser as one in which the user has signed in. */
      readonly deviceToken: string
    }
  | LinkInvalid
  | { readonly kind: 'addressNotAllowed' }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }

/** Activates invited users, by the link of their invitation. */
export class ActivationService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionService,
    private readonly devices: DeviceTokenService,
    private readonly ipAuthorization: IpAuthorizationService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly passwords: PasswordService,
  ) {}

  /**
   * Sets the password of the user who was sent the link, and signs them in.
   *
   * @throws RATE_LIMITED when too many hashes are waiting.
   */
  async activateUser(
    { token, password, previousToken }: Activation,
    origin: RequestOrigin,
  ): Promise<ActivationResult> {
    // The link comes first: without one, a caller must not cause any costly work.
    const judged = await this.links.read(token, 'INVITATION')
    if (judged.status !== 'VALID') return { kind: 'linkInvalid', status: judged.status }
    // Activation signs in, so it requires an allowed address. The link stays valid.
    if (!(await this.ipAuthorization.allows(origin.ip))) {
      await this.operations.recordRefusal(origin, {
        action: 'ACTIVATE_USER',
        reason: 'ADDRESS_NOT_ALLOWED',
        actorId: judged.user.id,
        subjectId: judged.user.id,
      })
      return { kind: 'addressNotAllowed' }
    }
    const verdict = await this.passwords.judgeFirstPassword(judged.user, password)
    if (verdict.kind === 'policyViolated') return verdict
    const { passwordHash, operationChanges } = verdict

    const result = await this.database.write(async (unit): Promise<Activated> => {
      // Reads the link again: it may have changed since it was read above.
      const found = await this.links.lookUp(unit, token, 'INVITATION')
      if (found.status !== 'VALID') return { kind: 'linkInvalid', status: found.status }
      await this.links.redeem(unit, found.link)
      const source = { kind: 'invitation', linkSentToLogin: found.link.sentToLogin } as const
      const newPassword = { passwordHash, source }
      const { user } = await this.passwords.savePassword(unit, found.user, newPassword, origin)
      const { token: sessionToken } = await this.sessions.begin(unit, user, previousToken, origin)
      await this.operations.record(unit, origin, {
        action: 'ACTIVATE_USER',
        outcome: 'DONE',
        actorId: user.id,
        subjectId: user.id,
        changes: operationChanges,
      })
      return { kind: 'active', user, sessionToken }
    })
    if (result.kind !== 'active') return result
    return { ...result, deviceToken: await this.devices.issue(result.user) }
  }
}
