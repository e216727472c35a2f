import { uuidv7 } from 'uuidv7'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { htmlOf, type MailContent, textOf } from './mail-content.js'
import type { MailTransport } from './mail-transport.js'
import * as store from './outbox.store.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'

const batchSize = 20
const longestWaitMs = 60 * 60 * 1000

/** Who is told when a delivery fails. */
export type DeliveryReport = (failure: unknown, mail: { id: string; attempts: number }) => void

/**
 * Sends mails through an outbox: a row written in the transaction of what it tells
 * of, delivered after it, and deleted once it is delivered. So a mail is sent at
 * least once whatever happens in between, and never about what did not happen.
 */
export class MailService {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined
  private asked = false
  private stopped = true
  private report: DeliveryReport = () => undefined

  constructor(
    private readonly database: Database,
    private readonly transport: MailTransport,
    private readonly settings: Config['mail'],
  ) {}

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
    unit.afterCommit(() => this.wake())
  }

  /** Begins to deliver, with what an earlier run left in the outbox. */
  start(report: DeliveryReport): void {
    this.report = report
    this.stopped = false
    this.wake()
  }

  /** Ends when the mail that is being delivered is through; the others stay in the outbox. */
  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await this.running
    this.transport.close()
  }

  /** Waits until nothing is due. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running
  }

  private wake(): void {
    if (this.stopped) return
    this.asked = true
    this.running ??= this.run().finally(() => {
      this.running = undefined
      // Asked for after the last look at the outbox.
      if (this.asked) this.wake()
    })
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer)
    try {
      while (this.asked && !this.stopped) {
        this.asked = false
        const due = await this.database.read(unit => store.listDue(unit, new Date(), batchSize))
        for (const mail of due) {
          if (this.stopped) return
          await this.deliver(mail)
        }
        if (due.length > 0) this.asked = true
      }
      if (!this.stopped) await this.sleep()
    } catch (failure) {
      // The database itself failed; the mails are still in it.
      this.report(failure, { id: '', attempts: 0 })
      this.timer = setTimeout(() => this.wake(), this.settings.firstRetryMs)
      this.timer.unref()
    }
  }

  private async sleep(): Promise<void> {
    const next = await this.database.read(unit => store.findNextDue(unit))
    if (next === null) return
    const wait = Math.max(next.getTime() - Date.now(), 0)
    this.timer = setTimeout(() => this.wake(), Math.min(wait, longestWaitMs))
    this.timer.unref()
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
