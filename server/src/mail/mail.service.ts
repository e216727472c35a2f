import { uuidv7 } from 'uuidv7'
import type { FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { htmlOf, type MailContent, textOf } from './mail-content.js'
import type { MailBody, MailDelivery } from './mail-delivery.service.js'
import * as store from './outbox.store.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'
import { bodyOf, giveUpAtOf, hostOf } from './outbox-mail.js'

/** How many mails were not delivered. */
export interface OutboxCounts {
  readonly waiting: number
  readonly failed: number
}

/**
 * Sends mails through an outbox: a row written in the transaction of what it tells
 * of, delivered after it, and deleted once it is delivered. So a mail is sent at
 * least once whatever happens in between, and never about what did not happen.
 *
 * A mail may contain a link that sets a password, so its body is sealed until it is delivered.
 */
export class MailService {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly delivery: MailDelivery,
  ) {}

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
    const rows = mails.map(async ([recipient, content]): Promise<OutboxMailEntity> => {
      const id = uuidv7()
      const body: MailBody = { text: textOf(content), html: htmlOf(content) }
      const linkExpiresAt = content.linkExpiresAt ?? null
      return {
        id,
        recipient,
        recipientHost: hostOf(recipient),
        subject: content.subject,
        reference: content.reference ?? null,
        sealedBody: await this.secrets.seal(JSON.stringify(body), bodyOf(id)),
        text: '',
        html: '',
        createdAt: now,
        state: 'WAITING',
        attempts: 0,
        nextAttemptAt: now,
        claimedUntil: null,
        giveUpAt: giveUpAtOf(now, linkExpiresAt),
        linkExpiresAt,
        failure: null,
        smtpCode: null,
        endedAt: null,
      }
    })
    await store.insertMails(unit, await Promise.all(rows))
    unit.afterCommit(() => this.delivery.wake())
  }

  /** Removes all mails to someone that were not delivered, and those with any of these references. */
  discard(
    unit: WritingUnitOfWork,
    recipient: string,
    references: readonly string[] = [],
  ): Promise<void> {
    return store.deleteMailsTo(unit, recipient, references)
  }

  /**
   * Removes the mails about these things that failed or are stuck, because their links no longer work.
   * Mails of the last minute are on their way already.
   */
  discardAbout(unit: WritingUnitOfWork, references: readonly string[]): Promise<void> {
    return store.deleteMailsAbout(unit, references, new Date(Date.now() - 60_000))
  }

  /** Begins to deliver, with what an earlier run left in the outbox. */
  start(report: FailureReport): void {
    this.delivery.start(report)
  }

  /** Ends within seconds. What is not delivered by then stays in the outbox. */
  stop(): Promise<void> {
    return this.delivery.stop()
  }

  /** Waits until nothing is due. */
  idle(): Promise<void> {
    return this.delivery.idle()
  }

  /** The mails to someone that were not delivered, oldest first. */
  listUndelivered(recipient: string): Promise<OutboxMailEntity[]> {
    return this.database.read(unit => store.listMailsTo(unit, recipient))
  }

  /** The newest undelivered mail about each of these things, by their references. */
  async newestAbout(references: readonly string[]): Promise<Map<string, OutboxMailEntity>> {
    const mails = await this.database.read(unit => store.listMailsAbout(unit, references))
    return new Map(mails.map(mail => [mail.reference ?? '', mail]))
  }

  /** The age of the oldest mail that waits, in seconds; 0 if none waits. */
  async oldestWaitingSeconds(): Promise<number> {
    const since = await this.database.read(store.findWaitingSince)
    return since === null ? 0 : Math.max(0, (Date.now() - since.getTime()) / 1000)
  }

  /** How many mails were not delivered. */
  async counts(): Promise<OutboxCounts> {
    return this.database.read(async unit => ({
      waiting: await store.countMails(unit, ['WAITING']),
      failed: await store.countMails(unit, ['FAILED']),
    }))
  }
}
