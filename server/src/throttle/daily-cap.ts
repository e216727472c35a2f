import type { Counts } from './growing-delay.js'

const dayMs = 24 * 60 * 60 * 1000

/** Allows a limited number within 24 hours of the first one. */
export class DailyCap {
  constructor(
    private readonly name: string,
    private readonly limit: number,
  ) {}

  /** The key of the count in the database. */
  keyOf(key: string): string {
    return `${this.name}:day:${key}`
  }

  /** Seconds until `more` are allowed; 0 if they are allowed now. */
  secondsToWait(counts: Counts, key: string, more: number): number {
    const counted = counts.getUntil(this.keyOf(key), dayMs)
    if ((counted?.points ?? 0) + more <= this.limit) return 0
    const end = counted?.expiresAt ?? counts.after(dayMs)
    return Math.ceil((end.getTime() - counts.now.getTime()) / 1000)
  }

  /** Adds `more` to the count. */
  add(counts: Counts, key: string, more: number): void {
    const counted = counts.getUntil(this.keyOf(key), dayMs)
    counts.set({
      key: this.keyOf(key),
      points: (counted?.points ?? 0) + more,
      expiresAt: counted?.expiresAt ?? counts.after(dayMs),
    })
  }
}

/**
 * The mailbox of a folded login. Mail to an address with a plus (RFC 5233) arrives in the same
 * mailbox.
 */
export const mailboxOf = (login: string): string => {
  const at = login.lastIndexOf('@')
  const plus = login.indexOf('+')
  return plus > 0 && plus < at ? `${login.slice(0, plus)}${login.slice(at)}` : login
}
