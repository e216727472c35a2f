import SQL, { join } from 'sql-template-tag'
import { type FindOptionsWhere, In, IsNull, LessThan, LessThanOrEqual, Not } from 'typeorm'
import { idStretch } from '../database/id-stretch.js'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { MailDeliveryStateEntity, onlyState } from './mail-delivery-state.entity.js'
import { OutboxMailEntity, type OutboxMailState } from './outbox-mail.entity.js'

/** Adds mails to the outbox. */
export const insertMails = (
  unit: WritingUnitOfWork,
  mails: readonly OutboxMailEntity[],
): Promise<void> => insertMany(unit.rows(OutboxMailEntity), mails)

/**
 * Removes all mails to a recipient or with any of these references, including those that failed.
 */
export const deleteMailsTo = async (
  unit: WritingUnitOfWork,
  recipient: string,
  references: readonly string[],
): Promise<void> => {
  await unit.rows(OutboxMailEntity).delete({ recipient })
  await unit.rows(OutboxMailEntity).delete({ reference: In([...references]) })
}

/**
 * Removes the mails with any of these references that have ended or were queued before the given
 * time.
 */
export const deleteMailsAbout = async (
  unit: WritingUnitOfWork,
  references: readonly string[],
  queuedBefore: Date,
): Promise<void> => {
  if (references.length === 0) return
  await unit.query(SQL`DELETE FROM outbox_mails WHERE reference IN (${join([...references])})
    AND (state <> 'WAITING' OR created_at < ${queuedBefore.getTime()})`)
}

/**
 * Claims the due mail with the earliest `giveUpAt`, until the given time. So a reset link, which
 * works for minutes, does not wait behind thousands of invitations. Leaves out mails to busy hosts
 * and mails that another instance is claiming. Returns the mail as it was before the claim; null if
 * none is due.
 */
export const claimDue = async (
  unit: WritingUnitOfWork,
  now: Date,
  claimedUntil: Date,
  busyHosts: readonly string[],
): Promise<OutboxMailEntity | null> => {
  // SQLite has no row locks and does not need them: it has only one writer.
  const lock = unit.engine === 'postgres' ? SQL`FOR UPDATE SKIP LOCKED` : SQL``
  const others =
    busyHosts.length === 0 ? SQL`` : SQL`AND recipient_host NOT IN (${join([...busyHosts])})`
  const [due] = await unit.query<{ id: string }>(
    // The sum keeps SQLite from sorting all due mails by the index of their next attempts.
    SQL`SELECT id FROM outbox_mails
      WHERE state = 'WAITING' AND next_attempt_at + 0 <= ${now.getTime()} ${others}
      ORDER BY give_up_at, id LIMIT 1 ${lock}`,
  )
  if (due === undefined) return null
  const mail = await unit.rows(OutboxMailEntity).findOneBy({ id: due.id })
  await unit
    .rows(OutboxMailEntity)
    .update({ id: due.id }, { nextAttemptAt: claimedUntil, claimedUntil })
  return mail
}

/** Makes all mails that are planned for this time or later due now. */
export const planAtOnce = async (
  unit: WritingUnitOfWork,
  plannedFrom: Date,
  now: Date,
): Promise<void> => {
  await unit.query(
    SQL`UPDATE outbox_mails SET next_attempt_at = ${now.getTime()}
      WHERE state = 'WAITING' AND next_attempt_at >= ${plannedFrom.getTime()}`,
  )
}

/** When the next mail is due, without mails to busy hosts; null if there is none. */
export const findNextDue = async (
  unit: UnitOfWork,
  busyHosts: readonly string[],
): Promise<Date | null> => {
  const [next] = await unit.rows(OutboxMailEntity).find({
    select: { id: true, nextAttemptAt: true },
    where: {
      state: 'WAITING',
      ...(busyHosts.length === 0 ? {} : { recipientHost: Not(In([...busyHosts])) }),
    },
    order: { nextAttemptAt: 'ASC' },
    take: 1,
  })
  return next?.nextAttemptAt ?? null
}

/** All undelivered mails to a recipient, oldest first. */
export const listMailsTo = (unit: UnitOfWork, recipient: string): Promise<OutboxMailEntity[]> =>
  unit.rows(OutboxMailEntity).find({ where: { recipient }, order: { id: 'ASC' } })

/** The mails with any of these references, oldest first. */
export const listMailsAbout = (
  unit: UnitOfWork,
  references: readonly string[],
): Promise<OutboxMailEntity[]> =>
  references.length === 0
    ? Promise.resolve([])
    : unit
        .rows(OutboxMailEntity)
        .find({ where: { reference: In([...references]) }, order: { id: 'ASC' } })

/** The mail with this id, or null. */
export const findMail = (unit: UnitOfWork, id: string): Promise<OutboxMailEntity | null> =>
  unit.rows(OutboxMailEntity).findOneBy({ id })

/** The mails with these ids, in no order. */
export const findMails = (unit: UnitOfWork, ids: readonly string[]): Promise<OutboxMailEntity[]> =>
  unit.rows(OutboxMailEntity).findBy({ id: In([...ids]) })

/** A state to list. A sent mail has no row, so SENT matches no mail. */
export type ListedState = OutboxMailState | 'SENT'

const inStates = (states: readonly ListedState[]): FindOptionsWhere<OutboxMailEntity> => ({
  state: In([...states] as OutboxMailState[]),
})

/** A part of the mails in these states, in the order of their ids. */
export const listMails = (
  unit: UnitOfWork,
  states: readonly ListedState[],
  stretch: Stretch<string>,
): Promise<OutboxMailEntity[]> => {
  const { ids, page } = idStretch(stretch)
  return unit.rows(OutboxMailEntity).find({ where: { ...inStates(states), ...ids }, ...page })
}

/** The number of mails in these states. */
export const countMails = (unit: UnitOfWork, states: readonly ListedState[]): Promise<number> =>
  unit.rows(OutboxMailEntity).countBy(inStates(states))

/** When the oldest waiting mail was queued; null if no mail waits. */
export const findWaitingSince = async (unit: UnitOfWork): Promise<Date | null> => {
  const [oldest] = await unit.rows(OutboxMailEntity).find({
    select: { id: true, createdAt: true },
    where: { state: 'WAITING' },
    order: { id: 'ASC' },
    take: 1,
  })
  return oldest?.createdAt ?? null
}

/** When a mail last failed; null if none did. */
export const findLastFailure = async (unit: UnitOfWork): Promise<Date | null> => {
  const [newest] = await unit.rows(OutboxMailEntity).find({
    select: { id: true, endedAt: true },
    where: { state: 'FAILED' },
    order: { endedAt: 'DESC' },
    take: 1,
  })
  return newest?.endedAt ?? null
}

/**
 * Changes the given columns of a mail that waits. Has no effect if it was delivered, dropped or has
 * failed.
 */
export const updateWaiting = async (
  unit: WritingUnitOfWork,
  id: string,
  changes: Partial<OutboxMailEntity>,
): Promise<void> => {
  await unit.rows(OutboxMailEntity).update({ id, state: 'WAITING' }, changes)
}

/** Changes the given columns of a mail. */
export const updateMail = async (
  unit: WritingUnitOfWork,
  id: string,
  changes: Partial<OutboxMailEntity>,
): Promise<void> => {
  await unit.rows(OutboxMailEntity).update({ id }, changes)
}

/** Removes a delivered mail. */
export const deleteMail = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(OutboxMailEntity).delete({ id })
}

/** The oldest waiting mails whose time has run out and that no instance is delivering. */
export const listOverdue = (
  unit: UnitOfWork,
  now: Date,
  limit: number,
): Promise<OutboxMailEntity[]> => {
  const overdue = { state: 'WAITING', giveUpAt: LessThanOrEqual(now) } as const
  return unit.rows(OutboxMailEntity).find({
    where: [
      { ...overdue, claimedUntil: IsNull() },
      { ...overdue, claimedUntil: LessThan(now) },
    ],
    order: { id: 'ASC' },
    take: limit,
  })
}

/** Erases the bodies of mails that can no longer be sent. */
export const eraseBodies = async (
  unit: WritingUnitOfWork,
  now: Date,
  endedBefore: Date,
): Promise<void> => {
  await unit.query(SQL`UPDATE outbox_mails SET sealed_body = NULL, text = '', html = ''
    WHERE state <> 'WAITING' AND (sealed_body IS NOT NULL OR text <> '')
    AND (link_expires_at <= ${now.getTime()}
      OR (link_expires_at IS NULL AND ended_at <= ${endedBefore.getTime()}))`)
}

/** Removes mails that failed or were dropped before the given time. */
export const deleteEndedBefore = async (unit: WritingUnitOfWork, before: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM outbox_mails
    WHERE state <> 'WAITING' AND ended_at < ${before.getTime()}`)
}

/** What the instances know about the mail server. */
export const readState = (unit: UnitOfWork): Promise<MailDeliveryStateEntity> =>
  unit.rows(MailDeliveryStateEntity).findOneByOrFail({ id: onlyState })

/** Changes the given columns of the state of the mail server. */
export const updateState = async (
  unit: WritingUnitOfWork,
  changes: Partial<MailDeliveryStateEntity>,
): Promise<void> => {
  await unit.rows(MailDeliveryStateEntity).update({ id: onlyState }, changes)
}
