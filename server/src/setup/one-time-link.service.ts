import { MoreThan } from 'typeorm'
import { uuidv7 } from 'uuidv7'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { hashToken, newToken } from '../sessions/session-token.js'
import { OneTimeLinkEntity, type OneTimeLinkPurpose } from './one-time-link.entity.js'

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
    const links = unit.rows(OneTimeLinkEntity)
    if (userId === null) await links.delete({ purpose })
    else await links.delete({ purpose, userId })
    await links.insert({
      id: uuidv7(),
      purpose,
      tokenHash: hashToken(token),
      userId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + seconds * 1000),
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
    })
  }

  /** Uses a link up. */
  async redeem(unit: WritingUnitOfWork, link: OneTimeLinkEntity): Promise<void> {
    await unit.rows(OneTimeLinkEntity).delete({ id: link.id })
  }

  /** Ends every link that could set a user's password. */
  async endPasswordResets(unit: WritingUnitOfWork, userId: string): Promise<void> {
    await unit.rows(OneTimeLinkEntity).delete({ purpose: 'PASSWORD_RESET', userId })
  }
}
