import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import { ConfigError } from '../config/config-error.js'
import type { Database } from '../database/database.js'
import { localOrigin, type RequestOrigin } from '../http/request-origin.js'
import { Language } from '../messages/language.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type {
  BreachVerdict,
  PasswordPolicyService,
  PasswordUser,
} from '../passwords/password-policy.service.js'
import { ruleText } from '../passwords/password-policy.type.js'
import type { SessionService } from '../sessions/session.service.js'
import { accountDefaults } from '../settings/account-defaults.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { type FieldProblem, readUserFields } from '../users/user-fields.js'

/** The data that the first owner enters. */
export interface OwnerSetup {
  readonly token: string
  readonly login: string
  readonly firstName: string
  readonly lastName: string
  readonly password: string
}

/** The result of the setup. */
export type OwnerSetupResult =
  | {
      readonly kind: 'done'
      readonly user: UserEntity
      readonly token: string
      /** Marks the browser as one in which the owner has signed in. */
      readonly deviceToken: string
    }
  | { readonly kind: 'linkInvalid' }
  | {
      readonly kind: 'invalid'
      readonly problems: readonly FieldProblem[]
      readonly violations: readonly PasswordRuleSetting[]
    }

type SetUp =
  | { readonly kind: 'done'; readonly user: UserEntity; readonly token: string }
  | { readonly kind: 'linkInvalid' }

const linkSeconds = 24 * 60 * 60

/** Creates the first owner of an empty database. */
export class SetupService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly devices: DeviceTokenService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicyService,
  ) {}

  /** Whether there is no user yet. */
  required(): Promise<boolean> {
    return this.database.read(async unit => !(await this.users.anyUser(unit)))
  }

  /** Issues a setup link, valid for a day, and returns its token. Earlier links stop working. */
  async issueLink(): Promise<string> {
    const { token } = await this.database.write(unit =>
      this.links.issue(unit, 'SETUP', null, linkSeconds),
    )
    return token
  }

  /**
   * Creates the first owner from the configuration.
   *
   * @throws ConfigError if the login is no e-mail address, or the password does not meet the policy.
   */
  async bootstrap(typedLogin: string, password: string): Promise<void> {
    const read = readUserFields({ login: typedLogin }, null)
    if ('problems' in read) {
      throw new ConfigError(['BOOTSTRAP_OWNER_LOGIN requires an e-mail address.'])
    }
    const { login } = read.fields
    const names = { firstName: 'Owner', lastName: '' }
    const { violations, operationChanges } = await this.judge(password, { login, ...names })
    if (violations.length > 0) {
      const unmet = violations
        .map(setting => Language.source.translate(ruleText(setting)).toLowerCase())
        .join('; ')
      throw new ConfigError([
        `BOOTSTRAP_OWNER_PASSWORD must meet the password policy. Not met: ${unmet}.`,
      ])
    }
    const passwordHash = await this.hasher.hashPassword(password)
    await this.database.write(async unit => {
      if (await this.users.anyUser(unit)) return
      const [user] = await this.users.add(unit, [
        {
          login,
          ...names,
          phone: null,
          language: accountDefaults.defaultLanguage,
          role: 'OWNER',
          status: 'ACTIVE',
          passwordHash,
        },
      ])
      const origin = localOrigin('configuration', 'BOOTSTRAP_OWNER_LOGIN')
      await this.operations.record(unit, origin, {
        action: 'SET_UP_OWNER',
        outcome: 'DONE',
        actorId: null,
        subjectId: user?.id ?? null,
        changes: operationChanges,
      })
    })
  }

  /**
   * Creates the first owner and signs them in. Requires the token of the setup link, which works once
   * and only while there is no user.
   */
  async setUpOwner(
    setup: OwnerSetup,
    previousToken: string | undefined,
    origin: RequestOrigin,
  ): Promise<OwnerSetupResult> {
    // The link comes first: without one, a caller must not cause any costly work.
    const link = await this.database.read(unit => this.links.find(unit, 'SETUP', setup.token))
    if (link === null || !(await this.required())) return { kind: 'linkInvalid' }
    const { login, firstName, lastName } = setup
    const read = readUserFields({ login, firstName, lastName }, null)
    const problems = 'problems' in read ? read.problems : []
    const { violations, operationChanges } = await this.judge(setup.password, setup)
    if ('problems' in read || violations.length > 0) {
      return { kind: 'invalid', problems, violations }
    }
    const passwordHash = await this.hasher.hashPassword(setup.password)

    const result = await this.database.write(async (unit): Promise<SetUp> => {
      const still = await this.links.find(unit, 'SETUP', setup.token)
      if (still === null || (await this.users.anyUser(unit))) return { kind: 'linkInvalid' }
      await this.links.redeem(unit, still)
      const [user] = await this.users.add(unit, [
        {
          ...read.fields,
          phone: null,
          language: accountDefaults.defaultLanguage,
          role: 'OWNER',
          status: 'ACTIVE',
          passwordHash,
          lastSignInAt: new Date(),
        },
      ])
      if (user === undefined) throw new Error('The owner was not added.')
      const { token } = await this.sessions.begin(unit, user, previousToken, origin)
      await this.operations.record(unit, origin, {
        action: 'SET_UP_OWNER',
        outcome: 'DONE',
        actorId: user.id,
        subjectId: user.id,
        changes: operationChanges,
      })
      return { kind: 'done', user, token }
    })
    if (result.kind === 'linkInvalid') return result
    return { ...result, deviceToken: await this.devices.issue(result.user) }
  }

  /** Judges the password by every rule. The user has no earlier one. */
  private async judge(password: string, user: PasswordUser): Promise<BreachVerdict> {
    const violations = await this.policy.findViolations(password, user)
    if (violations.length > 0) return { violations, operationChanges: [] }
    return this.policy.findBreach(password)
  }
}
