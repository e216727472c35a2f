import type { RefusedSignInCount } from '../operations/operation.service.js'

/** What an event says about refused sign-ins. */
export interface RefusedSignIns {
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
  /** The count of each reason, such as INVALID_CREDENTIALS. */
  readonly reasons: Readonly<Record<string, number>>
}

/** The sum of two counts of refused sign-ins. */
export const sumOf = (one: RefusedSignIns, other: RefusedSignIns): RefusedSignIns => {
  const reasons: Record<string, number> = { ...one.reasons }
  for (const [reason, count] of Object.entries(other.reasons)) {
    reasons[reason] = (reasons[reason] ?? 0) + count
  }
  return {
    count: one.count + other.count,
    firstAt: new Date(Math.min(one.firstAt.getTime(), other.firstAt.getTime())),
    lastAt: new Date(Math.max(one.lastAt.getTime(), other.lastAt.getTime())),
    reasons,
  }
}

/** Adds counts to the refused sign-ins of each user. */
export const addCounts = (
  byUser: Map<string, RefusedSignIns>,
  counts: readonly RefusedSignInCount[],
): void => {
  for (const { userId, reason, count, firstAt, lastAt } of counts) {
    const added = { count, firstAt, lastAt, reasons: { [reason]: count } }
    const earlier = byUser.get(userId)
    byUser.set(userId, earlier === undefined ? added : sumOf(earlier, added))
  }
}
