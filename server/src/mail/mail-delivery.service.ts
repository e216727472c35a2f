import type { SendMailOptions } from 'nodemailer'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import { logoId } from './mail-content.js'
import { MailFailure } from './mail-failure.js'
import type { MailTransport } from './mail-transport.js'
import * as store from './outbox.store.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'
import {
  asciiAddressOf,
  bodyKeptMs,
  bodyOf,
  endedKeptMs,
  endingOf,
  hasDeadLink,
} from './outbox-mail.js'

/** The parts of a mail that may contain a link with a token. */
export interface MailBody {
  readonly text: string
  readonly html: string
}

/** The result of a delivery for which the caller waited. */
export interface DirectDelivery {
  readonly delivered: boolean
  /**
   * The answer of the mail server, or the reason why there is none. Null if the mail was kept as a
   * file.
   */
  readonly answer: string | null
}

const maxAtOnce = 8
/** A limit for each domain, so that a slow one never occupies all connections. */
const maxAtOnceToHost = 3
const maxWaitMs = 60 * 60 * 1000
/** If the mail server works again, delivery resumes within this time. */
const maxFaultWaitMs = 5 * 60 * 1000
/** How long running deliveries may continue when the server stops. */
const stopAfterMs = 5_000
const directDeliveryMs = 20_000
/**
 * The accuracy of the time of the last delivery. A busy server does not have to write it for each
 * mail.
 */
const noteEveryMs = 10_000
const sweepBatch = 500

const noFault = { faultSince: null, faultReason: null, faultRetryAt: null } as const

/**
 * The sender of a mail, with the name of the account if it has one. As an object, because some
 * characters of a name would end the name in a header.
 */
const senderOf = (from: string, name: string | null): SendMailOptions['from'] =>
  name === null ? from : { name, address: from.replace(/^.*<|>$/gs, '') }

/** The mail server accepts no mail. */
interface ServerFault {
  readonly since: Date
  readonly reason: string
  /** The number of failed attempts. */
  readonly failures: number
  readonly retryAt: Date
}

/**
 * Delivers the mails of the outbox, several at once.
 *
 * An instance claims a mail before it delivers it, so that no other instance delivers it too. If
 * the instance stops before the delivery ends, another one takes over when the claim expires. A
 * delivery may use half of that time, so it has always ended by then.
 *
 * While the mail server accepts no mail at all, only one mail at a time is tried. The others wait.
 */
export class MailDelivery {
  private readonly job: BackgroundJob
  private readonly underWay = new Map<string, { work: Promise<void>; host: string }>()
  /** The ids of delivered mails whose rows could not be deleted yet. */
  private readonly delivered = new Set<string>()
  private fault: ServerFault | null = null
  private notedAt = 0
  private stopping = new AbortController()
  private report: FailureReport = () => undefined

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly transport: MailTransport,
    private readonly account: SettingsService,
    private readonly settings: Config['mail'],
  ) {
    this.job = new BackgroundJob(() => this.deliverDue(), { delayMs: 0, maxSleepMs: 15_000 })
  }

  /** Starts the delivery, including mails that an earlier run left in the outbox. */
  start(report: FailureReport): void {
    this.report = report.another?.() ?? report
    if (this.stopping.signal.aborted) this.stopping = new AbortController()
    this.job.start(report)
  }

  /** Starts a search for due mails. */
  wake(): void {
    this.job.wake()
  }

  /** Like {@link wake}, but does not wait for the next attempt after a fault of the mail server. */
  tryNow(): void {
    if (this.fault !== null) this.fault = { ...this.fault, retryAt: new Date() }
    this.job.wake()
  }

  /** Stops within seconds. Mails that are not delivered by then stay in the outbox. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.stopping.abort(), stopAfterMs)
    await this.job.stop()
    await Promise.all(this.works())
    clearTimeout(timer)
    if (this.delivered.size > 0) {
      await this.removeDelivered().catch(failure => this.report(failure, {}))
    }
  }

  /** Waits until no mail is due. */
  async idle(): Promise<void> {
    for (;;) {
      await this.job.idle()
      if (this.underWay.size === 0) return
      await Promise.all(this.works())
    }
  }

  /** Delivers a mail at once, without the outbox, and waits up to 20 seconds for the result. */
  async deliverDirectly(id: string, recipient: string, subject: string, body: MailBody) {
    const mail = { id, recipient, subject, createdAt: new Date() }
    try {
      const answer = await this.send(mail, body, directDeliveryMs)
      await this.database.writeLocking(unit => this.noteDelivery(unit))
      // The server works, so waiting mails can be delivered now.
      this.tryNow()
      return { delivered: true, answer } satisfies DirectDelivery
    } catch (failure) {
      if (!(failure instanceof MailFailure)) throw failure
      return { delivered: false, answer: failure.message } satisfies DirectDelivery
    }
  }

  /** Fails mails that are too old, erases bodies and removes mails that are no longer needed. */
  async sweep(): Promise<void> {
    const now = new Date()
    let found: number
    do {
      found = await this.database.writeLocking(async unit => {
        const overdue = await store.listOverdue(unit, now, sweepBatch)
        for (const mail of overdue) await this.giveUp(unit, mail, now)
        return overdue.length
      })
    } while (found === sweepBatch)
    await this.database.writeLocking(async unit => {
      await store.eraseBodies(unit, now, new Date(now.getTime() - bodyKeptMs))
      await store.deleteEndedBefore(unit, new Date(now.getTime() - endedKeptMs))
    })
  }

  private works(): Promise<void>[] {
    return [...this.underWay.values()].map(({ work }) => work)
  }

  /**
   * Starts the delivery of due mails up to the limits. Each delivery wakes the job when it ends.
   */
  private async deliverDue(): Promise<number> {
    if (this.delivered.size > 0) await this.removeDelivered()
    while (!this.job.isStopped) {
      const now = new Date()
      if (this.fault !== null) {
        if (this.underWay.size > 0) return Number.POSITIVE_INFINITY
        const waitMs = this.fault.retryAt.getTime() - now.getTime()
        // A longer wait means that the clock was ahead when the attempt was planned.
        if (waitMs > 0 && waitMs <= maxFaultWaitMs) return waitMs
      }
      if (this.underWay.size >= maxAtOnce) return Number.POSITIVE_INFINITY
      const busy = this.busyHosts()
      // A read does not block other instances; a claim is a writing transaction.
      const next = await this.database.read(unit => store.findNextDue(unit, busy))
      if (next === null) return Number.POSITIVE_INFINITY
      const waitMs = next.getTime() - now.getTime()
      if (waitMs > maxWaitMs) {
        // The clock was ahead when it was planned.
        await this.database.writeLocking(unit => store.planAtOnce(unit, next, now))
      } else if (waitMs > 0) {
        return waitMs
      }
      const claimedUntil = new Date(now.getTime() + this.settings.claimMs)
      const mail = await this.database.writeLocking(unit =>
        store.claimDue(unit, now, claimedUntil, busy),
      )
      // A claim of this same instance may have expired while the event loop was blocked.
      if (mail !== null && !this.underWay.has(mail.id)) this.begin(mail)
    }
    return Number.POSITIVE_INFINITY
  }

  private busyHosts(): string[] {
    const counts = new Map<string, number>()
    for (const { host } of this.underWay.values()) counts.set(host, (counts.get(host) ?? 0) + 1)
    return [...counts].flatMap(([host, count]) => (count >= maxAtOnceToHost ? [host] : []))
  }

  private begin(mail: OutboxMailEntity): void {
    const work = this.deliver(mail)
      // The mail stays claimed, and is due again when the claim expires.
      .catch(failure => this.report(failure, { id: mail.id }))
      .finally(() => {
        this.underWay.delete(mail.id)
        this.job.wake()
      })
    this.underWay.set(mail.id, { work, host: mail.recipientHost })
  }

  private async deliver(mail: OutboxMailEntity): Promise<void> {
    const isProbe = this.fault !== null
    const now = new Date()
    if (hasDeadLink(mail, now)) {
      await this.database.writeLocking(unit => this.giveUp(unit, mail, now))
      return
    }
    // A delivered mail whose row could not be deleted must not be sent again.
    if (!this.delivered.has(mail.id)) {
      try {
        await this.send(mail, await this.openBody(mail), this.settings.claimMs / 2)
      } catch (failure) {
        await this.settleFailure(mail, failure, isProbe)
        return
      }
      this.delivered.add(mail.id)
      this.report.succeeded?.()
    }
    await this.removeDelivered()
  }

  private async send(
    mail: Pick<OutboxMailEntity, 'id' | 'recipient' | 'subject' | 'createdAt'>,
    { text, html }: MailBody,
    timeoutMs: number,
  ): Promise<string | null> {
    const { name } = await this.account.readLook()
    const logo = html.includes(`cid:${logoId}`) ? await this.account.readLogo() : null
    const message: SendMailOptions = {
      from: senderOf(this.settings.from, name),
      // Not as one string: a comma or a bracket would turn it into another address.
      to: { name: '', address: asciiAddressOf(mail.recipient) },
      subject: mail.subject,
      text,
      html,
      ...(logo === null
        ? {}
        : {
            attachments: [
              {
                filename: 'logo.png',
                content: logo.png,
                contentType: 'image/png',
                contentDisposition: 'inline' as const,
                cid: logoId,
              },
            ],
          }),
      date: mail.createdAt,
      // The same for every attempt, so that a mail program recognizes a mail that arrives
      // twice.
      messageId: `<${mail.id}@${this.settings.domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    }
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(timeoutMs)])
    return this.transport.deliver(mail.id, message, signal)
  }

  private async openBody({ id, sealedBody, text, html }: OutboxMailEntity): Promise<MailBody> {
    // An earlier version queued the mail without encryption.
    if (sealedBody === null) return { text, html }
    return JSON.parse(await this.secrets.unseal(sealedBody, bodyOf(id)))
  }

  /** Deletes the rows of mails that were delivered. If that fails, the mails are not sent again. */
  private async removeDelivered(): Promise<void> {
    for (const id of this.delivered) {
      await this.database.writeLocking(async unit => {
        await store.deleteMail(unit, id)
        await this.noteDelivery(unit)
      })
      this.delivered.delete(id)
    }
  }

  private async noteDelivery(unit: WritingUnitOfWork): Promise<void> {
    const now = new Date()
    if (this.fault === null && now.getTime() - this.notedAt < noteEveryMs) return
    await store.updateState(unit, { lastDeliveredAt: now, ...noFault })
    unit.afterCommit(() => {
      this.fault = null
      this.notedAt = now.getTime()
    })
  }

  private async settleFailure(
    mail: OutboxMailEntity,
    thrown: unknown,
    isProbe: boolean,
  ): Promise<void> {
    const failure =
      thrown instanceof MailFailure
        ? thrown
        : // The body could not be decrypted. The mail server is fine, and the error must not be shown.
          new MailFailure('TEMPORARY', 'The mail could not be read. See the server’s log.')
    switch (failure.kind) {
      case 'STOPPED': {
        const { nextAttemptAt } = mail
        await this.database.writeLocking(unit =>
          store.updateWaiting(unit, mail.id, { nextAttemptAt, claimedUntil: null }),
        )
        return
      }
      case 'SERVER':
        return this.settleServerFault(mail, failure, isProbe)
      default:
        return this.settleMailFailure(mail, failure, thrown)
    }
  }

  private async settleServerFault(
    mail: OutboxMailEntity,
    { message: reason }: MailFailure,
    isProbe: boolean,
  ): Promise<void> {
    const known = this.fault
    if (known === null || isProbe) {
      const failures = (known?.failures ?? 0) + 1
      const wait = Math.min(this.settings.firstRetryMs * 2 ** (failures - 1), maxFaultWaitMs)
      const now = new Date()
      const fault = {
        since: known?.since ?? now,
        reason,
        failures,
        retryAt: new Date(now.getTime() + wait),
      }
      this.fault = fault
      // One log line for each fault, however many mails it affects.
      if (known?.reason !== reason) this.report(new MailFailure('SERVER', reason), { waitMs: wait })
    }
    const { since, retryAt } = this.fault ?? { since: new Date(), retryAt: new Date() }
    await this.database.writeLocking(async unit => {
      // The mail did not cause the failure, so no attempt is counted. Next time another
      // mail is tried first.
      const due = { nextAttemptAt: new Date(), claimedUntil: null }
      await store.updateWaiting(unit, mail.id, due)
      // An earlier run or another instance may have detected the fault before.
      const { faultSince } = await store.readState(unit)
      const state = { faultSince: faultSince ?? since, faultReason: reason, faultRetryAt: retryAt }
      await store.updateState(unit, state)
    })
  }

  private async settleMailFailure(
    mail: OutboxMailEntity,
    failure: MailFailure,
    thrown: unknown,
  ): Promise<void> {
    const now = new Date()
    const attempts = mail.attempts + 1
    const wait = Math.min(this.settings.firstRetryMs * 2 ** (attempts - 1), maxWaitMs)
    const next = new Date(now.getTime() + wait)
    const isLast = failure.kind === 'REJECTED' || next > mail.giveUpAt
    const reason = { failure: failure.message, smtpCode: failure.smtpCode }
    // The server accepted the connection and the sender, so it works. A mail that could not
    // be decrypted never reached it.
    const endsFault = failure === thrown && this.fault !== null
    if (endsFault) this.fault = null
    this.report(thrown, { id: mail.id, attempts, final: isLast })
    await this.database.writeLocking(async unit => {
      const ending = isLast
        ? endingOf(mail, 'FAILED', now)
        : { nextAttemptAt: next, claimedUntil: null }
      await store.updateWaiting(unit, mail.id, { attempts, ...reason, ...ending })
      if (endsFault) await store.updateState(unit, noFault)
    })
  }

  private async giveUp(unit: WritingUnitOfWork, mail: OutboxMailEntity, now: Date): Promise<void> {
    const failure = hasDeadLink(mail, now)
      ? 'The link in the mail expired before the mail could be delivered.'
      : 'The mail server could not be reached in time.'
    const reason = mail.failure === null ? { failure } : {}
    await store.updateWaiting(unit, mail.id, { ...reason, ...endingOf(mail, 'FAILED', now) })
  }
}
