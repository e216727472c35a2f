import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import type { Database } from '../database/database.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type {
  OneTimeLinkLookup,
  OneTimeLinkService,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../passwords/password-hasher.js'
import type { PasswordPolicyService } from '../passwords/password-policy.service.js'
import type { SessionService } from '../sessions/session.service.js'
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

/** What became of an activation. */
export type ActivationResult =
  | { readonly kind: 'active'; readonly user: UserEntity; readonly sessionToken: string }
  | {
      readonly kind: 'linkInvalid'
      readonly status: Exclude<OneTimeLinkLookup['status'], 'VALID'>
    }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }

/** Makes invited users active, by the link of their invitation. */
export class ActivationService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly sessions: SessionService,
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
    const { login } = judged.user
    const violations = await this.policy.violationsOf(password, { login })
    if (violations.length > 0) return { kind: 'policyViolated', violations }
    const passwordHash = await this.hasher.hash(password)

    return this.database.write(async (unit): Promise<ActivationResult> => {
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
  }
}
