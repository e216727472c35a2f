import { hasPermission, isPermission, type Permission, permissions } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { type CountedPage, type PageArguments, readPageById } from '../graphql/keyset-page.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import { hashToken } from '../sessions/session-token.js'
import { apiTokenDays } from '../settings/security-settings.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import type { ApiTokenEntity } from './api-token.entity.js'
import { newApiToken, prefixOf } from './api-token.js'
import * as store from './api-token.store.js'
import { apiTokenCreatedMail } from './api-token-created.mail.js'

/** The requested token. */
export interface GivenApiToken {
  readonly name: string
  readonly permissions: readonly string[]
  readonly expiresAt: Date
}

/** Why a token cannot be created. */
export type ApiTokenProblem =
  | { readonly kind: 'nameInvalid' | 'permissionUnknown' | 'limitReached' }
  /** The maximum lifetime in days. */
  | { readonly kind: 'expiryInvalid'; readonly maxDays: number }
  | { readonly kind: 'permissionNotHeld'; readonly permission: Permission }

/** The result of creating a token. */
export type ApiTokenCreation =
  | {
      readonly kind: 'created'
      readonly apiToken: ApiTokenEntity
      /** The token itself. It is not stored and cannot be returned again. */
      readonly token: string
    }
  | { readonly kind: 'refused'; readonly problems: readonly ApiTokenProblem[] }

/** The maximum number of unexpired tokens of a user. */
export const maxApiTokens = 50

/** The maximum lifetime of a token in days: a year, including leap years. */
export const maxLifetimeDays = apiTokenDays.greatest

/** The maximum length of a name, in code points. */
export const maxNameLength = 100

const dayMs = 24 * 60 * 60 * 1000

/** How long before its expiry a token's owner is notified. */
const lastDaysMs = 7 * dayMs

const beginOfLastDays = ({ createdAt, expiresAt }: ApiTokenEntity): Date =>
  // Nobody needs a reminder on the day on which they chose the expiry.
  new Date(Math.max(expiresAt.getTime() - lastDaysMs, createdAt.getTime() + dayMs))

/**
 * How long an expired token is still listed, so that its owner can see why a program stopped
 * working.
 */
const keptAfterExpiryMs = 30 * dayMs

const readName = (written: string): string | null => {
  const name = written.normalize('NFC').trim()
  const fits = name !== '' && [...name].length <= maxNameLength && !/\p{C}/u.test(name)
  return fits ? name : null
}

/** The criteria of a list of everybody's tokens, in days. All but `userId` leave out expired tokens. */
export interface ApiTokenCriteria {
  readonly userId?: string | undefined
  readonly expiresWithinDays?: number | undefined
  readonly unusedForDays?: number | undefined
  readonly lifetimeOverDays?: number | undefined
}

/** Creates, lists and revokes API tokens. */
export class ApiTokenService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly mail: MailService,
    private readonly settings: SettingsService,
    private readonly publicUrl: URL,
  ) {}

  /**
   * A page of a user's tokens, newest first. Expired tokens are listed for 30 days.
   *
   * @throws BAD_USER_INPUT if the page arguments are invalid.
   */
  async list(userId: string, page: PageArguments): Promise<CountedPage<ApiTokenEntity>> {
    return readPageById(page, {
      descending: true,
      idOf: ({ id }) => id,
      read: stretch => this.database.read(unit => store.listTokens(unit, userId, stretch)),
      countAll: () => this.database.read(unit => store.countTokens(unit, userId)),
    })
  }

  /** The tokens of a user with these ids. */
  findMany(userId: string, ids: readonly string[]): Promise<ApiTokenEntity[]> {
    return this.database.read(unit => store.findTokensOf(unit, userId, ids))
  }

  /**
   * A page of everybody's tokens with their owners, newest first. Checks no permission.
   *
   * @throws BAD_USER_INPUT if the page arguments are invalid.
   */
  async listEverybodys(
    page: PageArguments,
    { userId, ...days }: ApiTokenCriteria,
  ): Promise<CountedPage<store.OwnedApiToken>> {
    const msOf = (count: number | undefined) => (count === undefined ? undefined : count * dayMs)
    const selection = {
      userId,
      now: Date.now(),
      expiresWithinMs: msOf(days.expiresWithinDays),
      unusedForMs: msOf(days.unusedForDays),
      lifetimeOverMs: msOf(days.lifetimeOverDays),
    }
    return readPageById(page, {
      descending: true,
      idOf: ({ apiToken }) => apiToken.id,
      read: stretch => this.database.read(unit => store.listOwned(unit, selection, stretch)),
      countAll: () => this.database.read(unit => store.countOwned(unit, selection)),
    })
  }

  /**
   * Applies a maximum lifetime to existing tokens. A token that would have to end within the next
   * seven days ends then: its owner is notified as of every token that expires soon.
   *
   * @returns how many tokens expire earlier now.
   */
  shortenLives(unit: WritingUnitOfWork, maxDays: number): Promise<number> {
    const soonest = Date.now() + lastDaysMs
    return store.shortenLives(unit, { maxMs: maxDays * dayMs, soonest })
  }

  /** All stored tokens of a user, including expired ones, oldest first. */
  listAllOf(userId: string): Promise<ApiTokenEntity[]> {
    return this.database.read(unit => store.listAllOf(unit, userId))
  }

  /**
   * The tokens of a user whose last days have begun after this time, the first to expire first. The
   * last seven days of a token begin at least a day after it was created.
   */
  async listExpiring(
    userId: string,
    after: Date,
    limit: number,
  ): Promise<{ readonly apiToken: ApiTokenEntity; readonly since: Date }[]> {
    const now = new Date()
    const before = new Date(now.getTime() + lastDaysMs)
    const tokens = await this.database.read(unit =>
      store.listExpiring(unit, userId, { after, before, minLifeMs: dayMs }, limit),
    )
    return tokens
      .map(apiToken => ({ apiToken, since: beginOfLastDays(apiToken) }))
      .filter(({ since }) => since > after && since <= now)
  }

  /** The number of a user's tokens that are neither expired nor suspended. */
  countValid(unit: UnitOfWork, userId: string): Promise<number> {
    return store.countValid(unit, userId, new Date())
  }

  /**
   * Creates a token that is limited to the caller's permissions, and notifies the caller by
   * mail. Returns all problems at once.
   *
   * @throws UNAUTHENTICATED if the caller was blocked or deleted meanwhile.
   */
  create(actor: Caller, given: GivenApiToken, origin: RequestOrigin): Promise<ApiTokenCreation> {
    return this.database.write(async (unit): Promise<ApiTokenCreation> => {
      const caller = await this.users.callerIn(unit, actor)
      const now = new Date()
      const name = readName(given.name)
      const wanted = permissions.filter(permission => given.permissions.includes(permission))
      const notHeld = wanted.filter(permission => !hasPermission(caller, permission))
      const maxDays = (await this.settings.readIn(unit)).apiTokenMaxDays ?? maxLifetimeDays
      const lifeMs = given.expiresAt.getTime() - now.getTime()
      const problems: ApiTokenProblem[] = notHeld.map(permission => ({
        kind: 'permissionNotHeld',
        permission,
      }))
      if (name === null) problems.push({ kind: 'nameInvalid' })
      if (!given.permissions.every(isPermission)) problems.push({ kind: 'permissionUnknown' })
      if (lifeMs <= 0 || lifeMs > maxDays * dayMs) {
        problems.push({ kind: 'expiryInvalid', maxDays })
      }
      if ((await store.countValid(unit, caller.id, now)) >= maxApiTokens) {
        problems.push({ kind: 'limitReached' })
      }
      const record = {
        action: 'CREATE_API_TOKEN',
        actorId: caller.id,
        subjectId: caller.id,
      } as const
      if (name === null || problems.length > 0) {
        // Record only attempts to exceed the caller's permissions, not invalid input.
        if (notHeld.length > 0) {
          const reason = 'BEYOND_OWN_ACCESS'
          await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason })
        }
        return { kind: 'refused', problems }
      }
      const token = newApiToken()
      const apiToken: ApiTokenEntity = {
        id: uuidv7(),
        userId: caller.id,
        tokenHash: hashToken(token),
        prefix: prefixOf(token),
        name,
        permissions: wanted,
        createdAt: now,
        expiresAt: given.expiresAt,
        lastUsedAt: null,
        lastUsedIp: null,
        suspendedAt: null,
      }
      await store.insertToken(unit, apiToken)
      await this.operations.record(unit, origin, {
        ...record,
        outcome: 'DONE',
        changes: [
          changeOf('apiTokenPrefix', null, apiToken.prefix),
          changeOf('permissions', null, wanted),
        ],
      })
      const notice = apiTokenCreatedMail({
        firstName: caller.firstName,
        name,
        prefix: apiToken.prefix,
        permissions: wanted,
        expiresAt: apiToken.expiresAt,
        at: now,
        ip: origin.ip,
        userAgent: origin.userAgent,
        url: this.url,
      })
      await this.mail.send(unit, caller, notice)
      return { kind: 'created', apiToken, token }
    })
  }

  /**
   * Revokes one of the caller's own tokens. It stops working at once.
   *
   * @returns false if the caller has no token with this id.
   * @throws UNAUTHENTICATED if the caller was blocked or deleted meanwhile.
   */
  revoke(actor: Caller, id: string, origin: RequestOrigin): Promise<boolean> {
    return this.database.write(async unit => {
      const caller = await this.users.callerIn(unit, actor)
      const revoked = await store.deleteToken(unit, caller.id, id)
      if (revoked === null) return false
      await this.operations.record(unit, origin, {
        action: 'REVOKE_API_TOKEN',
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: caller.id,
        changes: [changeOf('apiTokenPrefix', revoked.prefix, null)],
      })
      return true
    })
  }

  /** Revokes a token of a user. Returns it; null if the user has no token with this id. */
  revokeOne(unit: WritingUnitOfWork, userId: string, id: string): Promise<ApiTokenEntity | null> {
    return store.deleteToken(unit, userId, id)
  }

  /**
   * Revokes every unexpired token of a user, suspended ones too.
   *
   * @returns the revoked tokens, oldest first.
   */
  async revokeAllOf(unit: WritingUnitOfWork, userId: string): Promise<ApiTokenEntity[]> {
    const now = new Date()
    const tokens = (await store.listAllOf(unit, userId)).filter(({ expiresAt }) => expiresAt > now)
    await store.deleteTokens(
      unit,
      tokens.map(({ id }) => id),
    )
    return tokens
  }

  /** The suspended tokens of each of these users, oldest first. Expired ones are left out. */
  async listSuspendedOf(userIds: readonly string[]): Promise<Map<string, ApiTokenEntity[]>> {
    const now = new Date()
    const tokens = await this.database.read(unit => store.listSuspendedOf(unit, userIds))
    const unexpired = tokens.filter(({ expiresAt }) => expiresAt > now)
    return new Map(userIds.map(id => [id, unexpired.filter(({ userId }) => userId === id)]))
  }

  /** Suspends every token of these users, who are being blocked. */
  suspendAllOf(unit: WritingUnitOfWork, userIds: readonly string[]): Promise<void> {
    return store.suspendTokensOf(unit, userIds, new Date())
  }

  /**
   * Restores the given suspended tokens of these users, and revokes their other suspended tokens.
   * Ignores ids of other tokens.
   *
   * @returns the restored and the revoked tokens, oldest first. Tokens that have expired are in
   * neither list.
   */
  async resumeOrRevoke(
    unit: WritingUnitOfWork,
    userIds: readonly string[],
    restoredIds: readonly string[],
  ): Promise<{ restored: ApiTokenEntity[]; revoked: ApiTokenEntity[] }> {
    const now = new Date()
    const suspended = await store.listSuspendedOf(unit, userIds)
    const unexpired = suspended.filter(({ expiresAt }) => expiresAt > now)
    const restored = unexpired.filter(({ id }) => restoredIds.includes(id))
    const revoked = unexpired.filter(token => !restored.includes(token))
    await store.resumeTokens(
      unit,
      restored.map(({ id }) => id),
    )
    await store.deleteSuspendedOf(unit, userIds)
    return { restored, revoked }
  }

  /** Deletes tokens that expired more than 30 days ago. */
  async sweep(): Promise<void> {
    const before = new Date(Date.now() - keptAfterExpiryMs)
    await this.database.write(unit => store.deleteExpired(unit, before))
  }

  /** The page that lists a user's tokens. */
  private get url(): string {
    return new URL('/account/me/api', this.publicUrl).href
  }
}
