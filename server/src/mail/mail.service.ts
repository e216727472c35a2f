import { uuidv7 } from 'uuidv7'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SecretPurpose } from '../secrets/secret-purpose.js'
import { htmlOf, type MailContent, textOf } from './mail-content.js'
import type { MailTransport } from './mail-transport.js'
import * as store from './outbox.store.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'

const longestWaitMs = 60 * 60 * 1000

/** The parts of a mail that may contain a link with a token. */
interface MailBody {
  readonly text: string
  readonly html: string
}

/** The purpose of the sealed body of a mail. */
export const bodyOf = (mailId: string): SecretPurpose => ({ purpose: 'mail', owner: mailId })

/**
 * Sends mails through an outbox: a row written in the transaction of what it tells
 * of, delivered after it, and deleted once it is delivered. So a mail is sent at
 * least once whatever happens in between, and never about what did not happen.
 *
 * A mail may contain a link that sets a password, so its body is sealed until it is delivered.
 *
 * An instance claims a mail before it delivers it, so that the others leave it be;
 * should it end meanwhile, another one takes over when the claim has run out.
 */
export class MailService {
  private readonly job: BackgroundJob
  private report: FailureReport = () => undefined

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly transport: MailTransport,
    private readonly settings: Config['mail'],
  ) {
    this.job = new BackgroundJob(() => this.deliverDue(), { delayMs: 0, longestSleepMs: 15_000 })
  }

  /** Puts a mail into the outbox, in the transaction of what it tells of. */
  send(unit: WritingUnitOfWork, recipient: string, content: MailContent): Promise<void> {
    return this.sendAll(unit, [[recipient, content]])
  }

  /** As {@link send}, for many at once: recipients and what each is told. */
  async sendAll(
    unit: WritingUnitOfWork,
    mails: readonly (readonly [string, MailContent])[],
  ): Promise<void> {
    const now = new Date()
    const rows = mails.map(async ([recipient, content]) => {
      const id = uuidv7()
      const body: MailBody = { text: textOf(content), html: htmlOf(content) }
      return {
        id,
        recipient,
        subject: content.subject,
        sealedBody: await this.secrets.seal(JSON.stringify(body), bodyOf(id)),
        text: '',
        html: '',
        createdAt: now,
        attempts: 0,
        nextAttemptAt: now,
      }
    })
    await store.insertMails(unit, await Promise.all(rows))
    unit.afterCommit(() => this.job.wake())
  }

  /** Takes back what is still to be delivered to someone. */
  discard(unit: WritingUnitOfWork, recipient: string): Promise<void> {
    return store.deleteMailsTo(unit, recipient)
  }

  /** Begins to deliver, with what an earlier run left in the outbox. */
  start(report: FailureReport): void {
    this.report = report.another?.() ?? report
    this.job.start(report)
  }

  /** Ends when the mail that is being delivered is through; the others stay in the outbox. */
  async stop(): Promise<void> {
    await this.job.stop()
    await this.transport.close()
  }

  /** Waits until nothing is due. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  /** The mails that are still to be delivered to someone, oldest first. */
  listWaitingTo(recipient: string): Promise<OutboxMailEntity[]> {
    return this.database.read(unit => store.listMailsTo(unit, recipient))
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
      const mail = await this.database.writeLocking(unit => store.claimDue(unit, now, claimedUntil))
      if (mail !== null) await this.deliver(mail)
    }
    return Number.POSITIVE_INFINITY
  }

  private async deliver(mail: OutboxMailEntity): Promise<void> {
    try {
      const { text, html } = await this.openBody(mail)
      await this.transport.deliver(mail.id, {
        from: this.settings.from,
        // Not as text, in which a comma or a bracket would make it another address.
        to: { name: '', address: mail.recipient },
        subject: mail.subject,
        text,
        html,
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
      await this.database.writeLocking(unit => store.postponeMail(unit, mail.id, attempts, next))
      return
    }
    this.report.succeeded?.()
    await this.database.writeLocking(unit => store.deleteMail(unit, mail.id))
  }

  private async openBody({ id, sealedBody, text, html }: OutboxMailEntity): Promise<MailBody> {
    // An earlier version queued the mail.
    if (sealedBody === null) return { text, html }
    return JSON.parse(await this.secrets.unseal(sealedBody, bodyOf(id)))
  }
}
