import { LessThanOrEqual } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

/** Keeps a mail for delivery. */
export const insertMail = async (
  unit: WritingUnitOfWork,
  mail: OutboxMailEntity,
): Promise<void> => {
  await unit.rows(OutboxMailEntity).insert(mail)
}

/** The mails whose time has come, longest due first. */
export const listDue = (unit: UnitOfWork, now: Date, limit: number): Promise<OutboxMailEntity[]> =>
  unit.rows(OutboxMailEntity).find({
    where: { nextAttemptAt: LessThanOrEqual(now) },
    order: { nextAttemptAt: 'ASC', id: 'ASC' },
    take: limit,
  })

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
