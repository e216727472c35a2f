import { refusalToManageSignIn, type UserStatus } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { hashToken, newToken } from '../sessions/session-token.js'
import type { UserEntity } from '../users/user.entity.js'
import type { OneTimeLinkEntity, OneTimeLinkPurpose } from './one-time-link.entity.js'
import * as store from './one-time-link.store.js'

/** Whether a link is valid, and if not, why. */
export type OneTimeLinkStatus = 'VALID' | 'EXPIRED' | 'USED' | 'REVOKED'

/** The current status of a link. */
export const statusOf = (link: OneTimeLinkEntity): OneTimeLinkStatus =>
  link.endReason ?? (link.expiresAt > new Date() ? 'VALID' : 'EXPIRED')

/** The information for the page of a link. */
export type OneTimeLinkLookup =
  | { readonly status: Exclude<OneTimeLinkStatus, 'VALID'> | 'UNKNOWN' }
  | { readonly status: 'VALID'; readonly link: OneTimeLinkEntity; readonly user: UserEntity }

// For a user with another status, such as a blocked one, the link has no use.
const statusNeeded: Partial<Record<OneTimeLinkPurpose, UserStatus>> = {
  INVITATION: 'INVITED',
  PASSWORD_RESET: 'ACTIVE',
}

/** How long a password reset link is valid, in seconds. */
export const passwordResetSeconds = 30 * 60

/**
 * How long a password reset link that an administrator sends is valid, in seconds. Its user did not
 * ask for it, so they may read the mail much later.
 */
export const sentResetLinkSeconds = 24 * 60 * 60

/**
 * Whether the user who was given the link may act on its user now, as when the link was created. One
 * of them may have another role since then. True for a link that nobody was given.
 */
const mayStillHandOver = ({ link, user, creator }: store.LinkOfUser): boolean => {
  if (link.createdBy === null) return true
  if (creator?.status !== 'ACTIVE') return false
  // Only sessions create such links, so no API token limits them.
  return refusalToManageSignIn({ ...creator, limitedTo: null }, user) === null
}

const keptMs = 30 * 24 * 60 * 60 * 1000

/** A new link. The token is stored nowhere. */
export interface IssuedLink {
  readonly token: string
  readonly expiresAt: Date
}

/** Issues and redeems links that work once. */
export class OneTimeLinkService {
  constructor(private readonly database: Database) {}

  /**
   * Issues a new token. Earlier ones for the same purpose and user become invalid.
   *
   * @param sentToLogin whether the link is sent to the user's login, and to nobody else.
   */
  issue(
    unit: WritingUnitOfWork,
    purpose: OneTimeLinkPurpose,
    userId: string | null,
    seconds: number,
    sentToLogin = false,
  ): Promise<IssuedLink> {
    return this.issueOne(unit, purpose, userId, seconds, { sentToLogin, createdBy: null })
  }

  /**
   * Like {@link issue}, for a link that `createdBy` is given to hand it over. It works only while
   * that user may act on the user of the link.
   */
  issueToHandOver(
    unit: WritingUnitOfWork,
    purpose: OneTimeLinkPurpose,
    userId: string,
    seconds: number,
    createdBy: string,
  ): Promise<IssuedLink> {
    return this.issueOne(unit, purpose, userId, seconds, { sentToLogin: false, createdBy })
  }

  private async issueOne(
    unit: WritingUnitOfWork,
    purpose: OneTimeLinkPurpose,
    userId: string | null,
    seconds: number,
    holder: Pick<OneTimeLinkEntity, 'sentToLogin' | 'createdBy'>,
  ): Promise<IssuedLink> {
    const token = newToken()
    const now = new Date()
    const expiresAt = new Date(now.getTime() + seconds * 1000)
    await this.revoke(unit, purpose, userId)
    await store.insertLink(unit, {
      id: uuidv7(),
      purpose,
      tokenHash: hashToken(token),
      userId,
      ...holder,
      createdAt: now,
      expiresAt,
      endReason: null,
    })
    return { token, expiresAt }
  }

  /**
   * Like {@link issue}, with a token for each of these users, to be sent to their logins.
   *
   * @returns the tokens by user id.
   */
  async issueAll(
    unit: WritingUnitOfWork,
    purpose: OneTimeLinkPurpose,
    userIds: readonly string[],
    expiresAt: Date,
  ): Promise<Map<string, string>> {
    const now = new Date()
    await store.endLinksOf(unit, userIds, 'REVOKED', now, purpose)
    const tokens = new Map(userIds.map(userId => [userId, newToken()]))
    const links = [...tokens].map(([userId, token]) => ({
      id: uuidv7(),
      purpose,
      tokenHash: hashToken(token),
      userId,
      sentToLogin: true,
      createdBy: null,
      createdAt: now,
      expiresAt,
      endReason: null,
    }))
    await store.insertLinks(unit, links)
    return tokens
  }

  /** Finds the link of a token if it is valid, or null. */
  async find(
    unit: UnitOfWork,
    purpose: OneTimeLinkPurpose,
    token: string,
  ): Promise<OneTimeLinkEntity | null> {
    const link = await this.look(unit, token)
    return link?.purpose === purpose && statusOf(link) === 'VALID' ? link : null
  }

  /** Finds the link of a token, valid or not; null if it never existed or was deleted. */
  look(unit: UnitOfWork, token: string): Promise<OneTimeLinkEntity | null> {
    return store.findByTokenHash(unit, hashToken(token))
  }

  /**
   * Finds the status of a link, and its user if it is valid.
   *
   * @param purpose if given, a link for another purpose counts as unknown.
   */
  async lookUp(
    unit: UnitOfWork,
    token: string,
    purpose?: OneTimeLinkPurpose,
  ): Promise<OneTimeLinkLookup> {
    const found = await store.findWithUser(unit, hashToken(token))
    if (found === null || (purpose ?? found.link.purpose) !== found.link.purpose) {
      return { status: 'UNKNOWN' }
    }
    const { link, user } = found
    const status = statusOf(link)
    if (status !== 'VALID') return { status }
    return statusNeeded[link.purpose] === user.status && mayStillHandOver(found)
      ? { status, link, user }
      : { status: 'REVOKED' }
  }

  /** Like {@link lookUp}, for the last committed state. */
  read(token: string, purpose?: OneTimeLinkPurpose): Promise<OneTimeLinkLookup> {
    return this.database.read(unit => this.lookUp(unit, token, purpose))
  }

  /** The newest link of each of these users for a purpose. */
  async newestOf(
    unit: UnitOfWork,
    purpose: OneTimeLinkPurpose,
    userIds: readonly string[],
  ): Promise<Map<string, OneTimeLinkEntity>> {
    const links = await store.listNewestLinks(unit, purpose, userIds)
    return new Map(links.map(link => [link.userId ?? '', link]))
  }

  /** The links that can still reset the passwords of these users, by user id. */
  async validResetLinksOf(userIds: readonly string[]): Promise<Map<string, OneTimeLinkEntity>> {
    const links = await this.database.read(unit => this.newestOf(unit, 'PASSWORD_RESET', userIds))
    const now = new Date()
    return new Map([...links].filter(([, link]) => link.endReason === null && link.expiresAt > now))
  }

  /** All stored links of a user, oldest first. */
  listOf(userId: string): Promise<OneTimeLinkEntity[]> {
    return this.database.read(unit => store.listLinksOf(unit, userId))
  }

  /** Marks a link as used. */
  redeem(unit: WritingUnitOfWork, link: OneTimeLinkEntity): Promise<void> {
    return store.endLinks(unit, [link.id], 'USED')
  }

  /**
   * Revokes the valid links of a purpose.
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

  /** Revokes all links of these users, for any purpose. */
  async endAll(unit: WritingUnitOfWork, userIds: readonly string[]): Promise<void> {
    await store.endLinksOf(unit, userIds, 'REVOKED', new Date())
  }

  /** Revokes all links that these users were given to hand them over to others. */
  async endHandedOverBy(unit: WritingUnitOfWork, creatorIds: readonly string[]): Promise<void> {
    await store.revokeLinksBy(unit, creatorIds, new Date())
  }

  /** Which of these users were given links to hand over that have not ended. */
  listCreatorsAmong(unit: UnitOfWork, userIds: readonly string[]): Promise<string[]> {
    return store.listCreators(unit, userIds, new Date())
  }

  /** Revokes all links that could set a user's password. */
  async endPasswordResets(unit: WritingUnitOfWork, userId: string): Promise<void> {
    await this.revoke(unit, 'PASSWORD_RESET', userId)
  }

  /**
   * How many links of invitations work now and expire before the given time, if there is one; stops
   * at the maximum.
   */
  countInvitationsIn(
    unit: UnitOfWork,
    now: Date,
    until: Date | null,
    max: number,
  ): Promise<number> {
    return store.countInvitations(unit, now, until, max)
  }

  /** Deletes links that expired long ago. */
  sweep(unit: WritingUnitOfWork): Promise<void> {
    return store.deleteExpired(unit, new Date(Date.now() - keptMs))
  }
}
