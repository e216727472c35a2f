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

/** One attempt to prove who one is, by a password, a passkey or in a second step; or a code sent for one. */
export interface PasswordAttempt {
  /** Address it comes from. */
  readonly ip: string
  readonly of: AttemptSubject
}

/** One request for a link that resets a password. */
export interface ResetRequest {
  /** Address it comes from. */
  readonly ip: string
  /** The login as it was typed, folded; it may be nobody's. */
  readonly login: string
}

/** An attempt that may not be made yet. */
export interface Wait {
  /** At least 1. */
  readonly retryAfterSeconds: number
  /** Whether it is the first that meets this wait: one line of record is enough for all. */
  readonly first: boolean
}

/** A wait, and what it is counted under. */
interface CountedWait extends Wait {
  readonly keys: readonly string[]
}

/** What is done with an attempt. */
interface AttemptSteps<Result> {
  /** Verifies it, and calls {@link ThrottleService.succeed} if it was right. */
  readonly verify: () => Promise<Result>
  /** Answers it if it has to wait. */
  readonly refuse: (wait: Wait) => Promise<Result>
}

interface Counted {
  readonly delay: GrowingDelay
  readonly key: string
  /** Whether a right answer makes the server forget it. */
  readonly clearedWhenRight: boolean
}

/** A user, by what counts name them. */
interface CountedUser {
  readonly id: string
  /** Folded. */
  readonly login: string
}

const nameOf = ({ delay, key }: Counted): string => delay.keysOf(key).join(' ')

/**
 * Slows the guessing of passwords down (OWASP ASVS 5.0, 6.3.1) without giving anyone the power to
 * lock another out: waits grow but end, and attempts made while waiting are not counted. The rules
 * are those of {@link throttlePolicy}.
 *
 * An attempt is counted as wrong before the password is verified and forgiven when
 * it was right: guesses sent all at once can't slip past the count.
 */
export class ThrottleService {
  private readonly policy: Readonly<Record<RuleName, ThrottleRule>>
  private readonly delays: Readonly<Record<RuleName, GrowingDelay>>
  private readonly atWork = new AttemptsAtWork()
  /** Invitations by one user. */
  private readonly invitations: DailyCap
  /** Mails to one mailbox that anybody but its owner can cause. Notices of what was done are not among them. */
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
   * Counts an attempt and has it verified. It counts as wrong until it proves right, so a burst of
   * guesses meets the limit. An attempt that meets the limit while this instance verifies others of
   * the same count is not refused yet: it waits for them, because they may be right.
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
      // Each time round, one of the others was right: wrong ones leave nobody at work.
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
   * @returns null when it may go ahead; or the wait, and then it was not counted.
   */
  begin(attempt: PasswordAttempt): Promise<Wait | null> {
    return this.database.write(unit => this.count(unit, this.countedBy(attempt)))
  }

  /** As {@link begin}, in the transaction of the request. Each counts: there is nothing to be forgiven. */
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

  /** As {@link beginResetRequest}, for an invitation that is sent again to this login, folded. */
  async beginInvitation(unit: WritingUnitOfWork, login: string): Promise<Wait | null> {
    const wait = await this.count(unit, [this.counted('invitation', login)])
    return wait ?? (await this.countMails(unit, [login]))
  }

  /** As {@link beginResetRequest}, for the first invitations of these logins, folded. */
  async beginInvitations(
    unit: WritingUnitOfWork,
    actorId: string,
    logins: readonly string[],
  ): Promise<Wait | null> {
    const wait = await this.countDay(unit, this.invitations, new Map([[actorId, logins.length]]))
    return wait ?? (await this.countMails(unit, logins))
  }

  /** As {@link beginResetRequest}, for a notice to this login, folded, that it is one no more. */
  beginFormerLoginNotice(unit: WritingUnitOfWork, login: string): Promise<Wait | null> {
    return this.count(unit, [this.counted('formerLogin', login)])
  }

  /** As {@link beginResetRequest}, for a mail to this user that someone knows their password. */
  beginChallengeNotice(unit: WritingUnitOfWork, userId: string): Promise<Wait | null> {
    return this.count(unit, [this.counted('challengeNotice', userId)])
  }

  /** As {@link beginResetRequest}, for a test mail that this user sends to themselves. */
  beginTestMail(unit: WritingUnitOfWork, userId: string): Promise<Wait | null> {
    return this.count(unit, [this.counted('testMail', userId)])
  }

  /** As {@link begin}, for a password that someone with this link would have compared. */
  beginReset(linkId: string): Promise<Wait | null> {
    return this.database.write(unit => this.count(unit, [this.counted('resetLink', linkId)]))
  }

  /**
   * Forgets the guesses of strangers, when the person has proved themselves in another way or got
   * a new password.
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

  /** The password was right. In the transaction of what it lets happen, if there is one. */
  succeed(unit: WritingUnitOfWork, attempt: PasswordAttempt): Promise<void> {
    const counted = this.countedBy(attempt)
    return this.change(unit, counted, counts => {
      for (const { delay, key, clearedWhenRight } of counted) {
        if (clearedWhenRight) delay.forgetFailures(counts, key)
        else delay.forgiveFailure(counts, key)
      }
    })
  }

  /** Takes the count of an attempt back whose password could not be verified after all. */
  withdraw(attempt: PasswordAttempt): Promise<void> {
    return this.database.write(unit => this.withdrawIn(unit, attempt))
  }

  /**
   * Withdraws an attempt that ended in a failure.
   *
   * @throws that failure, also when the database is away: it can say what became of the work.
   */
  async withdrawAfter(failure: unknown, attempt: PasswordAttempt): Promise<never> {
    await this.withdraw(attempt).catch(() => undefined)
    throw failure
  }

  /** As {@link withdraw}, in a transaction: the password was right, but is no longer the current one. */
  withdrawIn(unit: WritingUnitOfWork, attempt: PasswordAttempt): Promise<void> {
    const counted = this.countedBy(attempt)
    return this.change(unit, counted, counts => {
      for (const { delay, key } of counted) delay.forgiveFailure(counts, key)
    })
  }

  /** Forgets all that is counted by who someone is, when they are deleted. */
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
    // Also those followed by an address, a network, a browser or a session.
    await store.deleteCountsUnder(unit, keys)
  }

  /** Removes counts whose window has ended. */
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

  /** Reads the counts that are concerned, has them changed, and writes what was. */
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
