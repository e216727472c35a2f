import SQL from 'sql-template-tag'
import { In, IsNull, MoreThan } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { SecondFactorMethod } from '../settings/security-settings.js'
import { RecoveryCodeEntity } from './recovery-code.entity.js'
import { SecondFactorEntity } from './second-factor.entity.js'
import { SecondFactorEnrolmentEntity } from './second-factor-enrolment.entity.js'
import { SignInChallengeEntity, type SignInChallengePurpose } from './sign-in-challenge.entity.js'

/** The second factors of a user, oldest first. */
export const listFactors = (unit: UnitOfWork, userId: string): Promise<SecondFactorEntity[]> =>
  unit.rows(SecondFactorEntity).find({ where: { userId }, order: { id: 'ASC' } })

/** The second factors of these users, oldest first. */
export const listFactorsOf = (
  unit: UnitOfWork,
  userIds: readonly string[],
): Promise<SecondFactorEntity[]> =>
  unit.rows(SecondFactorEntity).find({ where: { userId: In([...userIds]) }, order: { id: 'ASC' } })

/** A part of the users who have a second factor. */
export interface OwnersPart {
  /** How many of them are active. */
  readonly active: number
  /** The id of the last user; null if there are no more. */
  readonly last: string | null
}

/** Counts the users with a second factor after an id, at most `limit` of them. */
export const countActiveOwners = async (
  unit: UnitOfWork,
  after: string,
  limit: number,
): Promise<OwnersPart> => {
  const [row] = await unit.query<{
    owners: number | string
    active: number | string | null
    last: string | null
  }>(SQL`SELECT COUNT(*) AS owners, MAX(owners.user_id) AS last,
      SUM(CASE WHEN users.status = 'ACTIVE' THEN 1 ELSE 0 END) AS active
    FROM (SELECT DISTINCT user_id FROM second_factors
      WHERE user_id > ${after} ORDER BY user_id LIMIT ${limit}) AS owners
    JOIN users ON users.id = owners.user_id`)
  const isLast = Number(row?.owners ?? 0) < limit
  return { active: Number(row?.active ?? 0), last: isLast ? null : (row?.last ?? null) }
}

/** The passkey with this credential, or null. */
export const findPasskey = (
  unit: UnitOfWork,
  credentialId: string,
): Promise<SecondFactorEntity | null> => unit.rows(SecondFactorEntity).findOneBy({ credentialId })

/** All stored rows about a user's second step, each list oldest first. */
export const listAllOf = async (
  unit: UnitOfWork,
  userId: string,
): Promise<{
  factors: SecondFactorEntity[]
  recoveryCodes: RecoveryCodeEntity[]
  enrolments: SecondFactorEnrolmentEntity[]
  challenges: SignInChallengeEntity[]
}> => {
  const own = { where: { userId }, order: { id: 'ASC' } } as const
  return {
    factors: await unit.rows(SecondFactorEntity).find(own),
    recoveryCodes: await unit.rows(RecoveryCodeEntity).find(own),
    enrolments: await unit.rows(SecondFactorEnrolmentEntity).find(own),
    challenges: await unit.rows(SignInChallengeEntity).find(own),
  }
}

/** Saves a second factor. */
export const insertFactor = async (
  unit: WritingUnitOfWork,
  factor: SecondFactorEntity,
): Promise<void> => {
  await unit.rows(SecondFactorEntity).insert(factor)
}

/** Updates columns of a second factor. */
export const updateFactor = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<SecondFactorEntity>,
): Promise<void> => {
  await unit.rows(SecondFactorEntity).update({ id }, columns)
}

/** Deletes a second factor. */
export const deleteFactor = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(SecondFactorEntity).delete({ id })
}

/** Deletes all second factors and recovery codes of a user. */
export const deleteFactorsOf = async (unit: WritingUnitOfWork, userId: string): Promise<void> => {
  await unit.rows(SecondFactorEntity).delete({ userId })
  await unit.rows(RecoveryCodeEntity).delete({ userId })
}

/**
 * Deletes enrolments and unanswered challenges of these users. Used challenges stay, so that
 * they cannot be used again.
 */
export const deletePendingOf = async (
  unit: WritingUnitOfWork,
  userIds: readonly string[],
): Promise<void> => {
  const userId = In(userIds)
  await unit.rows(SecondFactorEnrolmentEntity).delete({ userId })
  await unit.rows(SignInChallengeEntity).delete({ userId, usedAt: IsNull() })
}

/** Which of these users {@link deletePendingOf} would affect. */
export const listPendingAmong = async (
  unit: UnitOfWork,
  userIds: readonly string[],
): Promise<string[]> => {
  const select = { userId: true } as const
  const userId = In([...userIds])
  const enrolments = await unit
    .rows(SecondFactorEnrolmentEntity)
    .find({ select, where: { userId } })
  const challenges = await unit
    .rows(SignInChallengeEntity)
    .find({ select, where: { userId, usedAt: IsNull(), expiresAt: MoreThan(new Date()) } })
  return [...enrolments, ...challenges].map(row => row.userId)
}

/** Replaces the recovery codes of a user. */
export const replaceRecoveryCodes = async (
  unit: WritingUnitOfWork,
  userId: string,
  codes: readonly RecoveryCodeEntity[],
): Promise<void> => {
  await unit.rows(RecoveryCodeEntity).delete({ userId })
  await unit.rows(RecoveryCodeEntity).insert([...codes])
}

/** The number of a user's unused recovery codes. */
export const countRecoveryCodes = (unit: UnitOfWork, userId: string): Promise<number> =>
  unit.rows(RecoveryCodeEntity).countBy({ userId, usedAt: IsNull() })

/**
 * Marks a recovery code as used. False if it is not one of the user's, or was already used.
 *
 * @param codeHashes the code's keyed hashes, one for each key that may have made the stored
 * one.
 */
export const useRecoveryCode = async (
  unit: WritingUnitOfWork,
  userId: string,
  codeHashes: readonly string[],
  usedAt: Date,
): Promise<boolean> => {
  const { affected } = await unit
    .rows(RecoveryCodeEntity)
    .update({ userId, codeHash: In([...codeHashes]), usedAt: IsNull() }, { usedAt })
  return (affected ?? 0) > 0
}

/** Saves an enrolment. It replaces an unfinished one of the same user and method. */
export const replaceEnrolment = async (
  unit: WritingUnitOfWork,
  enrolment: SecondFactorEnrolmentEntity,
): Promise<void> => {
  const { userId, method } = enrolment
  await unit.rows(SecondFactorEnrolmentEntity).delete({ userId, method })
  await unit.rows(SecondFactorEnrolmentEntity).insert(enrolment)
}

/**
 * The enrolment with this token, if it belongs to this user, has this method and has not
 * expired; else null.
 */
export const findEnrolment = (
  unit: UnitOfWork,
  userId: string,
  method: SecondFactorMethod,
  tokenHash: string,
): Promise<SecondFactorEnrolmentEntity | null> =>
  unit
    .rows(SecondFactorEnrolmentEntity)
    .findOneBy({ userId, method, tokenHash, expiresAt: MoreThan(new Date()) })

/** Updates columns of an enrolment. */
export const updateEnrolment = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<SecondFactorEnrolmentEntity>,
): Promise<void> => {
  await unit.rows(SecondFactorEnrolmentEntity).update({ id }, columns)
}

/** Deletes an enrolment. */
export const deleteEnrolment = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(SecondFactorEnrolmentEntity).delete({ id })
}

/** Saves a challenge. */
export const insertChallenge = async (
  unit: WritingUnitOfWork,
  challenge: SignInChallengeEntity,
): Promise<void> => {
  await unit.rows(SignInChallengeEntity).insert(challenge)
}

/** The challenge with this token, if it is neither answered nor expired; else null. */
export const findChallenge = (
  unit: UnitOfWork,
  tokenHash: string,
): Promise<SignInChallengeEntity | null> =>
  unit
    .rows(SignInChallengeEntity)
    .findOneBy({ tokenHash, usedAt: IsNull(), expiresAt: MoreThan(new Date()) })

/** True if there is a challenge with this token, answered or not. */
export const hasChallenge = (unit: UnitOfWork, tokenHash: string): Promise<boolean> =>
  unit.rows(SignInChallengeEntity).existsBy({ tokenHash })

/**
 * The newest challenge of a user for this purpose that is neither answered nor expired; else
 * null.
 */
export const findNewestChallenge = (
  unit: UnitOfWork,
  userId: string,
  purpose: SignInChallengePurpose,
): Promise<SignInChallengeEntity | null> =>
  unit.rows(SignInChallengeEntity).findOne({
    where: { userId, purpose, usedAt: IsNull(), expiresAt: MoreThan(new Date()) },
    order: { id: 'DESC' },
  })

/** Updates columns of a challenge. */
export const updateChallenge = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<SignInChallengeEntity>,
): Promise<void> => {
  await unit.rows(SignInChallengeEntity).update({ id }, columns)
}

/** Deletes the unanswered challenges of a user for this purpose. */
export const deleteChallenges = async (
  unit: WritingUnitOfWork,
  userId: string,
  purpose: SignInChallengePurpose,
): Promise<void> => {
  await unit.rows(SignInChallengeEntity).delete({ userId, purpose, usedAt: IsNull() })
}

/** Deletes expired challenges and enrolments. */
export const deleteExpired = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  const at = now.getTime()
  await unit.query(SQL`DELETE FROM sign_in_challenges WHERE expires_at <= ${at}`)
  await unit.query(SQL`DELETE FROM second_factor_enrolments WHERE expires_at <= ${at}`)
}
