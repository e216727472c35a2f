import type { Counts } from './growing-delay.js'

const dayMs = 24 * 60 * 60 * 1000

/** Lets so many things through within 24 hours of the first one. */
export class DailyCap {
  constructor(
    private readonly name: string,
    private readonly most: number,
  ) {}

  /** Under what it is counted. */
  keyOf(key: string): string {
    return `${this.name}:day:${key}`
  }

  /** Seconds until so many more may be let through; 0 if they may now. */
  secondsToWait(counts: Counts, key: string, more: number): number {
    const counted = counts.getUntil(this.keyOf(key), dayMs)
    if ((counted?.points ?? 0) + more <= this.most) return 0
    const end = counted?.expiresAt ?? counts.after(dayMs)
    return Math.ceil((end.getTime() - counts.now.getTime()) / 1000)
  }

  /** Counts so many more. */
  add(counts: Counts, key: string, more: number): void {
    const counted = counts.getUntil(this.keyOf(key), dayMs)
    counts.set({
      key: this.keyOf(key),
      points: (counted?.points ?? 0) + more,
      expiresAt: counted?.expiresAt ?? counts.after(dayMs),
    })
  }
}

/** The mailbox of a login, folded: what follows a plus (RFC 5233) leads to the same one. */
export const mailboxOf = (login: string): string => {
  const at = login.lastIndexOf('@')
  const plus = login.indexOf('+')
  return plus > 0 && plus < at ? `${login.slice(0, plus)}${login.slice(at)}` : login
}
