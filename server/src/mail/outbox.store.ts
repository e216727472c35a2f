import SQL from '@nearform/sql'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

/** Keeps a mail for delivery. */
export const insertMail = async (
  unit: WritingUnitOfWork,
  mail: OutboxMailEntity,
): Promise<void> => {
  await unit.rows(OutboxMailEntity).insert(mail)
}

/**
 * Takes the mail that has been due longest for oneself until then, or null when none
 * is due. Mails that another instance is just claiming are passed over.
 */
export const claimDue = async (
  unit: WritingUnitOfWork,
  now: Date,
  claimedUntil: Date,
): Promise<OutboxMailEntity | null> => {
  // SQLite knows no locks on rows, and needs none: it has one writer.
  const lock = unit.engine === 'postgres' ? SQL`FOR UPDATE SKIP LOCKED` : SQL``
  const [mail] = await unit.select(
    OutboxMailEntity,
    SQL`FROM outbox_mails WHERE next_attempt_at <= ${now.getTime()}
      ORDER BY next_attempt_at, id LIMIT 1 ${lock}`,
  )
  if (mail === undefined) return null
  await unit.rows(OutboxMailEntity).update({ id: mail.id }, { nextAttemptAt: claimedUntil })
  return mail
}

/** When the next mail is due, or null when there is none. */
export const findNextDue = async (unit: UnitOfWork): Promise<Date | null> => {
  const [next] = await unit
    .rows(OutboxMailEntity)
    .find({ select: { id: true, nextAttemptAt: true }, order: { nextAttemptAt: 'ASC' }, take: 1 })
  return next?.nextAttemptAt ?? null
}

/** Puts a mail off that could not be delivered. */
export const postponeMail = async (
  unit: WritingUnitOfWork,
  id: string,
  attempts: number,
  nextAttemptAt: Date,
): Promise<void> => {
  await unit.rows(OutboxMailEntity).update({ id }, { attempts, nextAttemptAt })
}

/** Removes a mail that was delivered. */
export const deleteMail = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(OutboxMailEntity).delete({ id })
}

/** Removes what was not delivered to someone yet. */
export const deleteMailsTo = async (unit: WritingUnitOfWork, recipient: string): Promise<void> => {
  await unit.rows(OutboxMailEntity).delete({ recipient })
}

/** How many mails there are. */
export const countMails = (unit: UnitOfWork): Promise<number> => unit.rows(OutboxMailEntity).count()
