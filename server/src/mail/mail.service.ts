import { uuidv7 } from 'uuidv7'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { htmlOf, type MailContent, textOf } from './mail-content.js'
import type { MailTransport } from './mail-transport.js'
import * as store from './outbox.store.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'

const longestWaitMs = 60 * 60 * 1000

/**
 * Sends mails through an outbox: a row written in the transaction of what it tells
 * of, delivered after it, and deleted once it is delivered. So a mail is sent at
 * least once whatever happens in between, and never about what did not happen.
 *
 * An instance claims a mail before it delivers it, so that the others leave it be;
 * should it end meanwhile, another one takes over when the claim has run out.
 */
export class MailService {
  private readonly job: BackgroundJob
  private report: FailureReport = () => undefined

  constructor(
    private readonly database: Database,
    private readonly transport: MailTransport,
    private readonly settings: Config['mail'],
  ) {
    this.job = new BackgroundJob(() => this.deliverDue(), { delayMs: 0, longestSleepMs: 15_000 })
  }

  /** Takes back what was not delivered to someone yet. */
  withdrawTo(unit: WritingUnitOfWork, recipient: string): Promise<void> {
    return store.deleteMailsTo(unit, recipient)
  }

  /** Puts a mail into the outbox, in the transaction of what it tells of. */
  async send(unit: WritingUnitOfWork, recipient: string, content: MailContent): Promise<void> {
    const now = new Date()
    await store.insertMail(unit, {
      id: uuidv7(),
      recipient,
      subject: content.subject,
      text: textOf(content),
      html: htmlOf(content),
      createdAt: now,
      attempts: 0,
      nextAttemptAt: now,
    })
    unit.afterCommit(() => this.job.wake())
  }

  /** Begins to deliver, with what an earlier run left in the outbox. */
  start(report: FailureReport): void {
    this.report = report
    this.job.start(report)
  }

  /** Ends when the mail that is being delivered is through; the others stay in the outbox. */
  async stop(): Promise<void> {
    await this.job.stop()
    this.transport.close()
  }

  /** Waits until nothing is due. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  /** How many mails are still to be delivered. */
  countWaiting(): Promise<number> {
    return this.database.read(unit => store.countMails(unit))
  }

  private async deliverDue(): Promise<number> {
    while (!this.job.isStopped) {
      const now = new Date()
      const claimedUntil = new Date(now.getTime() + this.settings.claimMs)
      // A look costs others nothing; a claim is a transaction that writes.
      const next = await this.database.read(unit => store.findNextDue(unit))
      if (next === null) return Number.POSITIVE_INFINITY
      if (next > now) return next.getTime() - now.getTime()
      const mail = await this.database.write(unit => store.claimDue(unit, now, claimedUntil))
      if (mail !== null) await this.deliver(mail)
    }
    return Number.POSITIVE_INFINITY
  }

  private async deliver(mail: OutboxMailEntity): Promise<void> {
    try {
      await this.transport.deliver(mail.id, {
        from: this.settings.from,
        to: mail.recipient,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        date: mail.createdAt,
        // The same at every attempt, so that a mail that comes twice is known for one.
        messageId: `<${mail.id}@${this.settings.domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      })
    } catch (failure) {
      const attempts = mail.attempts + 1
      this.report(failure, { id: mail.id, attempts })
      const wait = Math.min(this.settings.firstRetryMs * 2 ** (attempts - 1), longestWaitMs)
      const next = new Date(Date.now() + wait)
      await this.database.write(unit => store.postponeMail(unit, mail.id, attempts, next))
      return
    }
    await this.database.write(unit => store.deleteMail(unit, mail.id))
  }
}
