import type { UserStatus } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { hashToken, newToken } from '../sessions/session-token.js'
import type { UserEntity } from '../users/user.entity.js'
import type { OneTimeLinkEntity, OneTimeLinkPurpose } from './one-time-link.entity.js'
import * as store from './one-time-link.store.js'

/** Whether a link works, and if not, why. */
export type OneTimeLinkStatus = 'VALID' | 'EXPIRED' | 'USED' | 'REVOKED'

/** The status of a link at this moment. */
export const statusOf = (link: OneTimeLinkEntity): OneTimeLinkStatus =>
  link.endReason ?? (link.expiresAt > new Date() ? 'VALID' : 'EXPIRED')

/** What the page of a link is told of it. */
export type OneTimeLinkLookup =
  | { readonly status: Exclude<OneTimeLinkStatus, 'VALID'> | 'UNKNOWN' }
  | { readonly status: 'VALID'; readonly link: OneTimeLinkEntity; readonly user: UserEntity }

// Of no other user is such a link good for anything: someone was blocked, say.
const statusNeeded: Partial<Record<OneTimeLinkPurpose, UserStatus>> = {
  INVITATION: 'INVITED',
  PASSWORD_RESET: 'ACTIVE',
}

const keptMs = 30 * 24 * 60 * 60 * 1000

/** Makes and redeems links that work once. */
export class OneTimeLinkService {
  constructor(private readonly database: Database) {}

  /** A fresh token; earlier ones for the same purpose and user stop working. */
  async issue(
    unit: WritingUnitOfWork,
    purpose: OneTimeLinkPurpose,
    userId: string | null,
    seconds: number,
  ): Promise<string> {
    const token = newToken()
    const now = new Date()
    await this.revoke(unit, purpose, userId)
    await store.insertLink(unit, {
      id: uuidv7(),
      purpose,
      tokenHash: hashToken(token),
      userId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + seconds * 1000),
      endReason: null,
    })
    return token
  }

  /** The link of a token that would still work, or null. */
  async find(
    unit: UnitOfWork,
    purpose: OneTimeLinkPurpose,
    token: string,
  ): Promise<OneTimeLinkEntity | null> {
    const link = await this.look(unit, token)
    return link?.purpose === purpose && statusOf(link) === 'VALID' ? link : null
  }

  /** The link of a token, whether it works or not; null when there never was one, or long ago. */
  look(unit: UnitOfWork, token: string): Promise<OneTimeLinkEntity | null> {
    return store.findByTokenHash(unit, hashToken(token))
  }

  /** What a link that someone was sent is worth, and whose it is as long as it works. */
  async lookUp(unit: UnitOfWork, token: string): Promise<OneTimeLinkLookup> {
    const found = await store.findWithUser(unit, hashToken(token))
    if (found === null) return { status: 'UNKNOWN' }
    const { link, user } = found
    const status = statusOf(link)
    if (status !== 'VALID') return { status }
    return statusNeeded[link.purpose] === user.status
      ? { status, link, user }
      : { status: 'REVOKED' }
  }

  /** As {@link lookUp}, of the last committed state. */
  read(token: string): Promise<OneTimeLinkLookup> {
    return this.database.read(unit => this.lookUp(unit, token))
  }

  /** The newest link of each of these users for a purpose, in no order. */
  async newestOf(
    unit: UnitOfWork,
    purpose: OneTimeLinkPurpose,
    userIds: readonly string[],
  ): Promise<Map<string, OneTimeLinkEntity>> {
    const links = await store.listLinks(unit, purpose, userIds)
    return new Map(links.map(link => [link.userId ?? '', link]))
  }

  /** Every link a user was sent and that is still kept, oldest first. */
  listOf(userId: string): Promise<OneTimeLinkEntity[]> {
    return this.database.read(unit => store.listLinksOf(unit, userId))
  }

  /** Uses a link up. */
  redeem(unit: WritingUnitOfWork, link: OneTimeLinkEntity): Promise<void> {
    return store.endLinks(unit, [link.id], 'USED')
  }

  /**
   * Ends the links of a purpose that still work.
   *
   * @returns whether there was one.
   */
  async revoke(
    unit: WritingUnitOfWork,
    purpose: OneTimeLinkPurpose,
    userId: string | null,
  ): Promise<boolean> {
    const ids = await store.listWorkingIds(unit, purpose, userId, new Date())
    await store.endLinks(unit, ids, 'REVOKED')
    return ids.length > 0
  }

  /** Ends every link that could set a user's password. */
  async endPasswordResets(unit: WritingUnitOfWork, userId: string): Promise<void> {
    await this.revoke(unit, 'PASSWORD_RESET', userId)
  }

  /** Removes links that ended long ago. */
  sweep(unit: WritingUnitOfWork): Promise<void> {
    return store.deleteExpired(unit, new Date(Date.now() - keptMs))
  }
}
