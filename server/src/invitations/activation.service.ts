import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import type { Database } from '../database/database.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type {
  OneTimeLinkLookup,
  OneTimeLinkService,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../passwords/password-hasher.js'
import type { PasswordPolicyService } from '../passwords/password-policy.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** An activation as it is asked for. */
export interface Activation {
  /** Of the link of the invitation. */
  readonly token: string
  readonly password: string
  /** The session token the browser came with; that session ends. */
  readonly previousToken: string | undefined
}

/** A link that activates nobody. */
interface LinkInvalid {
  readonly kind: 'linkInvalid'
  readonly status: Exclude<OneTimeLinkLookup['status'], 'VALID'>
}

/** What happened within the transaction. */
type Activated =
  | { readonly kind: 'active'; readonly user: UserEntity; readonly sessionToken: string }
  | LinkInvalid

/** What became of an activation. */
export type ActivationResult =
  | {
      readonly kind: 'active'
      readonly user: UserEntity
      readonly sessionToken: string
      /** Marks the browser as one in which they have signed in. */
      readonly deviceToken: string
    }
  | LinkInvalid
  | { readonly kind: 'addressNotAllowed' }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }

/** Makes invited users active, by the link of their invitation. */
export class ActivationService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly devices: DeviceTokenService,
    private readonly ipAuthorization: IpAuthorizationService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicyService,
  ) {}

  /**
   * Sets the first password of whoever holds the link, and signs them in.
   *
   * @throws RATE_LIMITED when too many hashes wait already.
   */
  async activate(
    { token, password, previousToken }: Activation,
    origin: RequestOrigin,
  ): Promise<ActivationResult> {
    // Before anything costly: without the link there is nothing here to be had.
    const judged = await this.links.read(token, 'INVITATION')
    if (judged.status !== 'VALID') return { kind: 'linkInvalid', status: judged.status }
    // It signs in, so it takes an address from which one may. The link stays good.
    if (!(await this.ipAuthorization.allows(origin.ip))) {
      await this.operations.recordRefusal(origin, {
        action: 'ACTIVATE_USER',
        reason: 'ADDRESS_NOT_ALLOWED',
        actorId: judged.user.id,
        subjectId: judged.user.id,
      })
      return { kind: 'addressNotAllowed' }
    }
    const { login } = judged.user
    const violations = await this.policy.violationsOf(password, { login })
    if (violations.length > 0) return { kind: 'policyViolated', violations }
    const passwordHash = await this.hasher.hash(password)

    const result = await this.database.write(async (unit): Promise<Activated> => {
      // What was found above was read before this transaction began.
      const found = await this.links.lookUp(unit, token, 'INVITATION')
      if (found.status !== 'VALID') return { kind: 'linkInvalid', status: found.status }
      await this.links.redeem(unit, found.link)
      const user = await this.users.activate(unit, found.user, passwordHash)
      const sessionToken = await this.sessions.begin(unit, user, previousToken, origin)
      await this.operations.record(unit, origin, {
        action: 'ACTIVATE_USER',
        outcome: 'DONE',
        actorId: user.id,
        subjectId: user.id,
      })
      return { kind: 'active', user, sessionToken }
    })
    if (result.kind !== 'active') return result
    return { ...result, deviceToken: await this.devices.issue(result.user.id) }
  }
}
