import { In, IsNull, LessThan, MoreThan } from 'typeorm'
import { uuidv7 } from 'uuidv7'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { hashToken, newToken } from '../sessions/session-token.js'
import { OneTimeLinkEntity, type OneTimeLinkPurpose } from './one-time-link.entity.js'

/** Whether a link works, and if not, why. */
export type OneTimeLinkStatus = 'VALID' | 'EXPIRED' | 'USED' | 'REVOKED'

/** The status of a link at this moment. */
export const statusOf = (link: OneTimeLinkEntity): OneTimeLinkStatus =>
  link.endReason ?? (link.expiresAt > new Date() ? 'VALID' : 'EXPIRED')

const keptMs = 30 * 24 * 60 * 60 * 1000

/** Makes and redeems links that work once. */
export class OneTimeLinkService {
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
    await unit.rows(OneTimeLinkEntity).insert({
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
  find(
    unit: UnitOfWork,
    purpose: OneTimeLinkPurpose,
    token: string,
  ): Promise<OneTimeLinkEntity | null> {
    return unit.rows(OneTimeLinkEntity).findOneBy({
      purpose,
      tokenHash: hashToken(token),
      expiresAt: MoreThan(new Date()),
      endReason: IsNull(),
    })
  }

  /** The link of a token, whether it works or not; null when there never was one, or long ago. */
  look(unit: UnitOfWork, token: string): Promise<OneTimeLinkEntity | null> {
    return unit.rows(OneTimeLinkEntity).findOneBy({ tokenHash: hashToken(token) })
  }

  /** The newest link of each of these users for a purpose, in no order. */
  async newestOf(
    unit: UnitOfWork,
    purpose: OneTimeLinkPurpose,
    userIds: readonly string[],
  ): Promise<Map<string, OneTimeLinkEntity>> {
    const links = await unit
      .rows(OneTimeLinkEntity)
      .find({ where: { purpose, userId: In([...userIds]) }, order: { id: 'ASC' } })
    return new Map(links.map(link => [link.userId ?? '', link]))
  }

  /** Uses a link up. */
  async redeem(unit: WritingUnitOfWork, link: OneTimeLinkEntity): Promise<void> {
    await unit.rows(OneTimeLinkEntity).update({ id: link.id }, { endReason: 'USED' })
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
    const { affected } = await unit.rows(OneTimeLinkEntity).update(
      {
        purpose,
        userId: userId ?? IsNull(),
        endReason: IsNull(),
        expiresAt: MoreThan(new Date()),
      },
      { endReason: 'REVOKED' },
    )
    return (affected ?? 0) > 0
  }

  /** Ends every link that could set a user's password. */
  async endPasswordResets(unit: WritingUnitOfWork, userId: string): Promise<void> {
    await this.revoke(unit, 'PASSWORD_RESET', userId)
  }

  /** Removes links that ended long ago. */
  async sweep(unit: WritingUnitOfWork): Promise<void> {
    await unit
      .rows(OneTimeLinkEntity)
      .delete({ expiresAt: LessThan(new Date(Date.now() - keptMs)) })
  }
}
