import SQL from 'sql-template-tag'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

/** Keeps mails for delivery. */
export const insertMails = (
  unit: WritingUnitOfWork,
  mails: readonly OutboxMailEntity[],
): Promise<void> => insertMany(unit.rows(OutboxMailEntity), mails)

/** Removes the mails to someone that are still to be delivered. */
export const deleteMailsTo = async (unit: WritingUnitOfWork, recipient: string): Promise<void> => {
  await unit.rows(OutboxMailEntity).delete({ recipient })
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
  const [due] = await unit.query<{ id: string }>(
    SQL`SELECT id FROM outbox_mails WHERE next_attempt_at <= ${now.getTime()}
      ORDER BY next_attempt_at, id LIMIT 1 ${lock}`,
  )
  if (due === undefined) return null
  const mail = await unit.rows(OutboxMailEntity).findOneBy({ id: due.id })
  await unit.rows(OutboxMailEntity).update({ id: due.id }, { nextAttemptAt: claimedUntil })
  return mail
}

/** When the next mail is due, or null when there is none. */
export const findNextDue = async (unit: UnitOfWork): Promise<Date | null> => {
  const [next] = await unit
    .rows(OutboxMailEntity)
    .find({ select: { id: true, nextAttemptAt: true }, order: { nextAttemptAt: 'ASC' }, take: 1 })
  return next?.nextAttemptAt ?? null
}

/** The mails to someone, oldest first. */
export const listMailsTo = (unit: UnitOfWork, recipient: string): Promise<OutboxMailEntity[]> =>
  unit.rows(OutboxMailEntity).find({ where: { recipient }, order: { id: 'ASC' } })

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

/** How many mails there are. */
export const countMails = (unit: UnitOfWork): Promise<number> => unit.rows(OutboxMailEntity).count()
