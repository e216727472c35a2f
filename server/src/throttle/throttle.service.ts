import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { subscriberOf } from '../http/ip-address.js'
import { AttemptsAtWork } from './attempts-at-work.js'
import { DailyCap, mailboxOf } from './daily-cap.js'
import { Counts, GrowingDelay } from './growing-delay.js'
import * as store from './throttle.store.js'
import {
  type AttemptSubject,
  type Clearing,
  type RuleName,
  rulesOf,
  type ThrottleRule,
  throttlePolicy,
} from './throttle-policy.js'

/**
 * An attempt to prove an identity with a password, a passkey or a second step; or a request for an
 * SMS code for it.
 */
export interface PasswordAttempt {
  /** The address of the caller. */
  readonly ip: string
  readonly of: AttemptSubject
}

/** A request for a password reset link. */
export interface ResetRequest {
  /** The address of the caller. */
  readonly ip: string
  /** The login as it was typed, folded. It may not exist. */
  readonly login: string
}

/** The reply to an attempt that must wait. */
export interface Wait {
  /** At least 1. */
  readonly retryAfterSeconds: number
  /** Whether this is the first attempt during this wait. Only the first one is recorded. */
  readonly first: boolean
}

/** A wait and the keys of its counts. */
interface CountedWait extends Wait {
  readonly keys: readonly string[]
}

/** The steps of an attempt. */
interface AttemptSteps<Result> {
  /** Verifies the attempt, and calls {@link ThrottleService.succeed} if it was right. */
  readonly verify: () => Promise<Result>
  /** Answers the attempt if it must wait. */
  readonly refuse: (wait: Wait) => Promise<Result>
}

interface Counted {
  readonly delay: GrowingDelay
  readonly key: string
  /** Whether a right answer clears the count. */
  readonly clearedWhenRight: boolean
}

/** A user, with the values that appear in the keys of counts. */
interface CountedUser {
  readonly id: string
  /** Folded. */
  readonly login: string
}

const nameOf = ({ delay, key }: Counted): string => delay.keysOf(key).join(' ')

/**
 * Slows down password guessing (OWASP ASVS 5.0, 6.3.1) without allowing anyone to lock another user
 * out: waits grow but end, and attempts during a wait are not counted. The rules are those of
 * {@link throttlePolicy}.
 *
 * An attempt counts as wrong before the password is verified, and the count is taken back if it was
 * right. Guesses that are sent at once cannot bypass the limit.
 */
export class ThrottleService {
  private readonly policy: Readonly<Record<RuleName, ThrottleRule>>
  private readonly delays: Readonly<Record<RuleName, GrowingDelay>>
  private readonly atWork = new AttemptsAtWork()
  /** The daily limit of invitations by one user. */
  private readonly invitations: DailyCap
  /**
   * The daily limit of mails to one mailbox that other people can cause. Notices about completed
   * actions do not count.
   */
  private readonly mails: DailyCap

  constructor(
    private readonly database: Database,
    limits: Config['throttle'],
  ) {
    this.policy = throttlePolicy(limits)
    this.invitations = new DailyCap('invitations', limits.invitationsPerDay)
    this.mails = new DailyCap('mails', limits.mailsPerDay)
    this.delays = Object.fromEntries(
      Object.entries(this.policy).map(([name, rule]) => [name, new GrowingDelay(rule)]),
    ) as Record<RuleName, GrowingDelay>
  }

  /**
   * Counts an attempt and verifies it. It counts as wrong until it proves right, so a burst of
   * guesses reaches the limit. If the limit is reached while this instance verifies other attempts
   * of the same count, the attempt is not rejected yet. It waits for them, because they may be
   * right.
   */
  async attempt<Result>(
    attempt: PasswordAttempt,
    { verify, refuse }: AttemptSteps<Result>,
  ): Promise<Result> {
    const counted = this.countedBy(attempt)
    let first = false
    for (;;) {
      const wait = await this.database.write(unit => this.count(unit, counted))
      if (wait === null) {
        return this.atWork.during(counted.map(nameOf), () => this.verifyCounted(attempt, verify))
      }
      first ||= wait.first
      // Each repetition means that another attempt was right: after wrong ones the wait remains.
      if (!(await this.atWork.waitFor(wait.keys))) return refuse({ ...wait, first })
    }
  }

  private async verifyCounted<Result>(
    attempt: PasswordAttempt,
    verify: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await verify()
    } catch (failure) {
      return this.withdrawAfter(failure, attempt)
    }
  }

  /**
   * Counts an attempt.
   *
   * @returns null if it may proceed; otherwise the wait, and the attempt was not counted.
   */
  begin(attempt: PasswordAttempt): Promise<Wait | null> {
    return this.database.write(unit => this.count(unit, this.countedBy(attempt)))
  }

  /**
   * Like {@link begin}, in the transaction of the request. Each request counts, and no count is
   * taken back.
   */
  async beginResetRequest(
    unit: WritingUnitOfWork,
    { ip, login }: ResetRequest,
  ): Promise<Wait | null> {
    const wait = await this.count(unit, [
      this.counted('resetAddress', subscriberOf(ip)),
      this.counted('resetLogin', login),
    ])
    return wait ?? (await this.countMails(unit, [login]))
  }

  /** Like {@link beginResetRequest}, for a repeated invitation to this folded login. */
  async beginInvitation(unit: WritingUnitOfWork, login: string): Promise<Wait | null> {
    const wait = await this.count(unit, [this.counted('invitation', login)])
    return wait ?? (await this.countMails(unit, [login]))
  }

  /** Like {@link beginResetRequest}, for a reset link that an administrator sends to this folded login. */
  async beginSentResetLink(unit: WritingUnitOfWork, login: string): Promise<Wait | null> {
    const wait = await this.count(unit, [this.counted('sentResetLink', login)])
    return wait ?? (await this.countMails(unit, [login]))
  }

  /** Like {@link beginResetRequest}, for the first invitations of these folded logins. */
  async beginInvitations(
    unit: WritingUnitOfWork,
    actorId: string,
    logins: readonly string[],
  ): Promise<Wait | null> {
    const wait = await this.countDay(unit, this.invitations, new Map([[actorId, logins.length]]))
    return wait ?? (await this.countMails(unit, logins))
  }

  /**
   * Like {@link beginResetRequest}, for a notice to this folded login that it is no longer in use.
   */
  beginFormerLoginNotice(unit: WritingUnitOfWork, login: string): Promise<Wait | null> {
    return this.count(unit, [this.counted('formerLogin', login)])
  }

  /** Like {@link beginResetRequest}, for a mail to this user that someone knows their password. */
  beginChallengeNotice(unit: WritingUnitOfWork, userId: string): Promise<Wait | null> {
    return this.count(unit, [this.counted('challengeNotice', userId)])
  }

  /** Like {@link beginResetRequest}, for a test mail that this user sends to themselves. */
  beginTestMail(unit: WritingUnitOfWork, userId: string): Promise<Wait | null> {
    return this.count(unit, [this.counted('testMail', userId)])
  }

  /**
   * Like {@link begin}, for a password that the holder of this link has compared with earlier ones.
   */
  beginReset(linkId: string): Promise<Wait | null> {
    return this.database.write(unit => this.count(unit, [this.counted('resetLink', linkId)]))
  }

  /**
   * Clears the counts of strangers' guesses after the user has proved their identity in another way
   * or has a new password.
   */
  async clear(
    unit: WritingUnitOfWork,
    event: Exclude<Clearing, 'RIGHT_ANSWER'>,
    user: CountedUser,
  ): Promise<void> {
    const cleared = Object.entries(this.delays).flatMap(([name, delay]) =>
      this.policy[name as RuleName].clearedBy.includes(event) ? [delay] : [],
    )
    await this.forget(unit, cleared, user)
  }

  /**
   * The password was right. Runs in the transaction of the action that the password allows, if
   * there is one.
   */
  succeed(unit: WritingUnitOfWork, attempt: PasswordAttempt): Promise<void> {
    const counted = this.countedBy(attempt)
    return this.change(unit, counted, counts => {
      for (const { delay, key, clearedWhenRight } of counted) {
        if (clearedWhenRight) delay.forgetFailures(counts, key)
        else delay.forgiveFailure(counts, key)
      }
    })
  }

  /** Takes back the count of an attempt if its password could not be verified. */
  withdraw(attempt: PasswordAttempt): Promise<void> {
    return this.database.write(unit => this.withdrawIn(unit, attempt))
  }

  /**
   * Takes back the count of an attempt that failed with an error.
   *
   * @throws that error, even if the database is unavailable, because it may report the outcome of
   * the work.
   */
  async withdrawAfter(failure: unknown, attempt: PasswordAttempt): Promise<never> {
    await this.withdraw(attempt).catch(() => undefined)
    throw failure
  }

  /**
   * Like {@link withdraw}, in a transaction: the password was right, but is no longer the current
   * one.
   */
  withdrawIn(unit: WritingUnitOfWork, attempt: PasswordAttempt): Promise<void> {
    const counted = this.countedBy(attempt)
    return this.change(unit, counted, counts => {
      for (const { delay, key } of counted) delay.forgiveFailure(counts, key)
    })
  }

  /** Removes all counts of a user who is deleted. */
  async erase(unit: WritingUnitOfWork, user: CountedUser): Promise<void> {
    await this.forget(unit, Object.values(this.delays), user)
    const { invitations, mails } = this
    const ofDay = [invitations.keyOf(user.id), mails.keyOf(mailboxOf(user.login))]
    await store.deleteCounts(unit, ofDay)
  }

  private async forget(
    unit: WritingUnitOfWork,
    delays: readonly GrowingDelay[],
    { id, login }: CountedUser,
  ): Promise<void> {
    const keys = delays.flatMap(delay => [...delay.keysOf(login), ...delay.keysOf(id)])
    // Includes keys that continue with an address, a network, a browser or a session.
    await store.deleteCountsUnder(unit, keys)
  }

  /** Removes expired counts. */
  async sweep(): Promise<void> {
    await this.database.write(unit => store.deleteExpired(unit, new Date()))
  }

  private count(unit: WritingUnitOfWork, counted: readonly Counted[]): Promise<CountedWait | null> {
    return this.change(unit, counted, counts => {
      let seconds = 0
      let first = false
      const keys: string[] = []
      for (const each of counted) {
        const { delay, key } = each
        const wait = delay.secondsToWait(counts, key)
        if (wait > 0) {
          first = delay.isFirstToWait(counts, key) || first
          keys.push(nameOf(each))
        }
        seconds = Math.max(seconds, wait)
      }
      if (seconds > 0) return { retryAfterSeconds: seconds, first, keys }
      for (const { delay, key } of counted) delay.countFailure(counts, key)
      return null
    })
  }

  /** Reads the counts, changes them, and writes the changed ones. */
  private async change<Result>(
    unit: WritingUnitOfWork,
    counted: readonly Counted[],
    work: (counts: Counts) => Result,
  ): Promise<Result> {
    const keys = counted.flatMap(({ delay, key }) => delay.keysOf(key))
    const counts = await Counts.read(unit, keys)
    const result = work(counts)
    await counts.write(unit)
    return result
  }

  private countedBy({ ip, of }: PasswordAttempt): Counted[] {
    return rulesOf(ip, of).map(([name, key]) => this.counted(name, key))
  }

  private countMails(unit: WritingUnitOfWork, logins: readonly string[]): Promise<Wait | null> {
    const perMailbox = new Map<string, number>()
    for (const mailbox of logins.map(mailboxOf)) {
      perMailbox.set(mailbox, (perMailbox.get(mailbox) ?? 0) + 1)
    }
    return this.countDay(unit, this.mails, perMailbox)
  }

  private async countDay(
    unit: WritingUnitOfWork,
    cap: DailyCap,
    perKey: ReadonlyMap<string, number>,
  ): Promise<Wait | null> {
    const counts = await Counts.read(
      unit,
      [...perKey.keys()].map(key => cap.keyOf(key)),
    )
    const waits = [...perKey].map(([key, more]) => cap.secondsToWait(counts, key, more))
    const seconds = Math.max(0, ...waits)
    if (seconds > 0) {
      await counts.write(unit)
      return { retryAfterSeconds: seconds, first: true }
    }
    for (const [key, more] of perKey) cap.add(counts, key, more)
    await counts.write(unit)
    return null
  }

  private counted(name: RuleName, key: string): Counted {
    const clearedWhenRight = this.policy[name].clearedBy.includes('RIGHT_ANSWER')
    return { delay: this.delays[name], key, clearedWhenRight }
  }
}
