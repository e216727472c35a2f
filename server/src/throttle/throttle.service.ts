import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { subscriberOf } from '../http/ip-address.js'
import { passwordResetSeconds } from '../one-time-links/one-time-link.service.js'
import { AttemptsAtWork } from './attempts-at-work.js'
import { Counts, GrowingDelay } from './growing-delay.js'
import * as store from './throttle.store.js'

/** One attempt to prove who one is, by a password or in a second step. */
export interface PasswordAttempt {
  /** Address it comes from. */
  readonly ip: string
  /**
   * Whose password is tried: the login at sign-in, folded; or the id of the caller, whom nobody
   * else can make wait, not even who holds a token of theirs. Or whose second step, after the
   * password was right; or to whom a code is sent by SMS. Null when it is told by the attempt alone.
   */
  readonly of:
    | { readonly login: string; readonly knownDevice: string | null }
    | { readonly callerId: string; readonly apiTokenId: string | null }
    | { readonly secondStepOf: string; readonly knownDevice: string | null }
    | { readonly smsTo: string }
    | null
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
  /** Whether a right password wipes the count out, or takes only its own attempt back. */
  readonly shared: boolean
}

const nameOf = ({ delay, key }: Counted): string => delay.keysOf(key).join(' ')

const freeResets = 3
const freeMessages = 3
const freeInvitations = 10
const freeNotices = 3

/**
 * Slows the guessing of passwords down (OWASP ASVS 5.0, 6.3.1) without giving
 * anyone the power to lock another out: waits grow but end, attempts made while
 * waiting are not counted, and what strangers do to a login never holds up a
 * browser in which its owner has signed in before, nor someone signed in.
 *
 * An attempt is counted as wrong before the password is verified and forgiven when
 * it was right: guesses sent all at once can't slip past the count.
 */
export class ThrottleService {
  /** One login from one address. */
  private readonly perLoginAndAddress: GrowingDelay
  /** One login from any address; from known browsers each on its own. */
  private readonly perLogin: GrowingDelay
  /** One address, whatever login. */
  private readonly perAddress: GrowingDelay
  /** Someone signed in, proving who they are. */
  private readonly perCaller: GrowingDelay
  /** Mails with a link, to one login. Whoever asks for them: it is one mailbox. */
  private readonly perResetLogin: GrowingDelay
  /** Mails with a link that one address asks for, to whatever login. */
  private readonly perResetAddress: GrowingDelay
  /** Invitations sent again to one login: it is one mailbox, whoever sends them. */
  private readonly perInvitedLogin: GrowingDelay
  /** Notices to one mailbox that a login was taken from it. Whoever takes it: it is one mailbox. */
  private readonly perFormerLogin: GrowingDelay
  /** One such link, by which a new password is compared with stored ones. */
  private readonly perResetLink: GrowingDelay
  /** Second steps of one user, over all their challenges; in known browsers each on its own. */
  private readonly perSecondStep: GrowingDelay
  /** Messages to one user: each costs money, and the patience of whose phone it is. */
  private readonly perPhone: GrowingDelay
  private readonly atWork = new AttemptsAtWork()

  constructor(
    private readonly database: Database,
    limits: Config['throttle'],
  ) {
    const quarterOfAnHour = 15 * 60
    this.perLoginAndAddress = new GrowingDelay('login-address', limits.perLogin, quarterOfAnHour)
    this.perAddress = new GrowingDelay('address', limits.perAddress, quarterOfAnHour)
    this.perCaller = new GrowingDelay('caller', limits.perLogin, quarterOfAnHour)
    this.perSecondStep = new GrowingDelay('second-step', limits.perLogin, quarterOfAnHour)
    this.perPhone = new GrowingDelay('sms', freeMessages, 60 * 60)
    // Guesses from many addresses: the wait is short, for it meets the owner as well.
    this.perLogin = new GrowingDelay('login', limits.perLogin * 10, 60)
    // No longer than a link works: whoever has to wait because of others has one that does.
    this.perResetLogin = new GrowingDelay('reset-login', freeResets, passwordResetSeconds)
    this.perResetAddress = new GrowingDelay('reset-address', limits.perAddress, quarterOfAnHour)
    this.perInvitedLogin = new GrowingDelay('invitation', freeInvitations, 60 * 60)
    this.perFormerLogin = new GrowingDelay('former-login', freeNotices, 60 * 60)
    this.perResetLink = new GrowingDelay('reset-link', limits.perLogin, quarterOfAnHour)
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
      await this.withdraw(attempt)
      throw failure
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
  beginResetRequest(unit: WritingUnitOfWork, { ip, login }: ResetRequest): Promise<Wait | null> {
    return this.count(unit, [
      { delay: this.perResetAddress, key: subscriberOf(ip), shared: true },
      { delay: this.perResetLogin, key: login, shared: true },
    ])
  }

  /** As {@link beginResetRequest}, for an invitation that is sent again to this login, folded. */
  beginInvitation(unit: WritingUnitOfWork, login: string): Promise<Wait | null> {
    return this.count(unit, [{ delay: this.perInvitedLogin, key: login, shared: true }])
  }

  /** As {@link beginResetRequest}, for a notice to this login, folded, that it is one no more. */
  beginFormerLoginNotice(unit: WritingUnitOfWork, login: string): Promise<Wait | null> {
    return this.count(unit, [{ delay: this.perFormerLogin, key: login, shared: true }])
  }

  /** As {@link begin}, for a password that someone with this link would have compared. */
  beginReset(linkId: string): Promise<Wait | null> {
    return this.database.write(unit =>
      this.count(unit, [{ delay: this.perResetLink, key: linkId, shared: false }]),
    )
  }

  /** Forgets what was guessed of a login from an address, for whoever has just reset its password there. */
  forget(unit: WritingUnitOfWork, { ip, login }: ResetRequest): Promise<void> {
    const pair = this.pairOf(login, subscriberOf(ip))
    return this.change(unit, [pair], counts => pair.delay.forgetFailures(counts, pair.key))
  }

  /** The password was right. In the transaction of what it lets happen, if there is one. */
  succeed(unit: WritingUnitOfWork, attempt: PasswordAttempt): Promise<void> {
    const counted = this.countedBy(attempt)
    return this.change(unit, counted, counts => {
      for (const { delay, key, shared } of counted) {
        if (shared) delay.forgiveFailure(counts, key)
        else delay.forgetFailures(counts, key)
      }
    })
  }

  /** Takes the count of an attempt back whose password could not be verified after all. */
  withdraw(attempt: PasswordAttempt): Promise<void> {
    return this.database.write(unit => this.withdrawIn(unit, attempt))
  }

  /** As {@link withdraw}, in a transaction: the password was right, but is no longer the current one. */
  withdrawIn(unit: WritingUnitOfWork, attempt: PasswordAttempt): Promise<void> {
    const counted = this.countedBy(attempt)
    return this.change(unit, counted, counts => {
      for (const { delay, key } of counted) delay.forgiveFailure(counts, key)
    })
  }

  /** Forgets all that is counted by who someone is, when they are deleted. */
  async erase(unit: WritingUnitOfWork, user: { id: string; login: string }): Promise<void> {
    const byLogin = this.perLogin.keysOf(user.login)
    const exactly = [
      ...byLogin,
      ...this.perResetLogin.keysOf(user.login),
      ...this.perInvitedLogin.keysOf(user.login),
      ...this.perFormerLogin.keysOf(user.login),
      ...this.perCaller.keysOf(user.id),
      ...this.perSecondStep.keysOf(user.id),
      ...this.perPhone.keysOf(user.id),
    ]
    // Followed by an address, or by the name of a browser or an API token.
    const beginnings = [
      ...byLogin,
      ...this.perLoginAndAddress.keysOf(user.login),
      ...this.perCaller.keysOf(user.id),
      ...this.perSecondStep.keysOf(user.id),
    ]
    await store.deleteCounts(unit, exactly)
    await store.deleteCountsBeginning(
      unit,
      beginnings.map(key => `${key} `),
    )
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

  private pairOf(login: string, subscriber: string): Counted {
    return { delay: this.perLoginAndAddress, key: `${login} ${subscriber}`, shared: false }
  }

  private countedBy({ ip, of }: PasswordAttempt): Counted[] {
    // Of IPv6 a subscriber has a whole network: its addresses are as good as one.
    const subscriber = subscriberOf(ip)
    // What many share, one right password must not wipe out: neither one's own sign-in
    // the guesses made from that address, nor the owner's those made from elsewhere.
    const address = { delay: this.perAddress, key: subscriber, shared: true }
    if (of === null) return [address]
    if ('smsTo' in of) return [{ delay: this.perPhone, key: of.smsTo, shared: true }]
    if ('secondStepOf' in of) {
      const { secondStepOf: id, knownDevice } = of
      const key = knownDevice === null ? id : `${id} ${knownDevice}`
      // Shared: whoever knows the password guesses at the same one as its owner.
      return [address, { delay: this.perSecondStep, key, shared: true }]
    }
    if ('callerId' in of) {
      const key = of.apiTokenId === null ? of.callerId : `${of.callerId} ${of.apiTokenId}`
      return [address, { delay: this.perCaller, key, shared: false }]
    }
    // Longer than any login is: nobody's, and no reason to keep it all.
    const login = of.login.slice(0, 254)
    const { knownDevice } = of
    const pair = this.pairOf(login, subscriber)
    const anywhere = knownDevice === null ? login : `${login} ${knownDevice}`
    return [address, pair, { delay: this.perLogin, key: anywhere, shared: true }]
  }
}
