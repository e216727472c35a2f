import { type UserStatus, userStatuses } from '@rekey/shared/access'
import { z } from 'zod'

/** A count that stops at a maximum, so that it costs the same however many there are. */
export interface CappedCount {
  readonly count: number
  /** False if there are more than `count`. */
  readonly exact: boolean
}

/** The sign-ins of one day. */
export interface SignInDay {
  /** The number of days since 1970, in UTC. */
  readonly day: number
  readonly succeeded: number
  readonly failed: number
}

/** The figures of Home, as the background job counts them. They contain no personal data. */
export interface HomeFigures {
  readonly users: Readonly<Record<UserStatus, number>>
  /** Active users who have a second factor. */
  readonly withSecondFactor: number
  readonly mustChangePassword: CappedCount
  /** Invitations whose link still works. */
  readonly validInvitations: CappedCount
  /** Those of them whose link expires within two days. */
  readonly expiringInvitations: CappedCount
  readonly webhooks: { readonly failing: number; readonly disabled: number }
  readonly mails: { readonly waiting: number; readonly failed: number }
  readonly signIns: SignInFigures
}

/** The sign-ins of the last days. */
export interface SignInFigures {
  /** The number of the last operation that is counted. */
  readonly countedTo: number
  /** Days with sign-ins, oldest first. Finished days are never counted again. */
  readonly days: readonly SignInDay[]
}

/** How many days of sign-ins Home shows, today included. */
export const shownDays = 30

const dayMs = 24 * 60 * 60 * 1000

/** The number of days since 1970, in UTC. */
export const dayOf = (at: Date): number => Math.floor(at.getTime() / dayMs)

/** The date of a day, such as 2026-11-29. */
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

const count = z.int().min(0)
const capped = z.object({ count, exact: z.boolean() })
const storedModel = z.object({
  users: z.object(
    Object.fromEntries(userStatuses.map(status => [status, count])) as Record<
      UserStatus,
      typeof count
    >,
  ),
  withSecondFactor: count,
  mustChangePassword: capped,
  validInvitations: capped,
  expiringInvitations: capped,
  webhooks: z.object({ failing: count, disabled: count }),
  mails: z.object({ waiting: count, failed: count }),
  signIns: z.object({
    countedTo: count,
    days: z.array(z.object({ day: count, succeeded: count, failed: count })).max(1000),
  }),
})

/**
 * The stored figures; null if they are of another version of Rekey or were never counted. The job
 * then counts everything again.
 */
export const figuresOf = (stored: string): HomeFigures | null =>
  storedModel.safeParse(JSON.parse(stored)).data ?? null

/** Adds sign-ins to those that are counted already, and drops days that are no longer shown. */
export const addSignIns = (
  before: SignInFigures,
  countedTo: number,
  added: readonly SignInDay[],
  today: number,
): SignInFigures => {
  const days = new Map(before.days.map(day => [day.day, day]))
  for (const { day, succeeded, failed } of added) {
    const known = days.get(day)
    days.set(day, {
      day,
      succeeded: (known?.succeeded ?? 0) + succeeded,
      failed: (known?.failed ?? 0) + failed,
    })
  }
  const shown = [...days.values()].filter(({ day }) => day > today - shownDays && day <= today)
  return { countedTo, days: shown.sort((one, other) => one.day - other.day) }
}

/** The shown days, oldest first, with those on which nobody signed in. */
export const shownSignIns = ({ days }: SignInFigures, today: number): SignInDay[] => {
  const known = new Map(days.map(day => [day.day, day]))
  return Array.from({ length: shownDays }, (_, index) => {
    const day = today - shownDays + 1 + index
    return known.get(day) ?? { day, succeeded: 0, failed: 0 }
  })
}
