import { uuidv7 } from 'uuidv7'
import type { FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { Language } from '../messages/language.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { type AccountLook, productName } from '../settings/account-look.js'
import type { SettingsService } from '../settings/settings.service.js'
import { htmlOf, type MailContent, type MailTemplate, textOf } from './mail-content.js'
import type { MailBody, MailDelivery } from './mail-delivery.service.js'
import * as store from './outbox.store.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'
import { bodyOf, giveUpAtOf, hostOf } from './outbox-mail.js'

/** The person to whom a mail is sent. */
export interface Recipient {
  /** The login, which is an address. */
  readonly login: string
  /** The language of the profile. */
  readonly language: string
}

/** A mail in one language: its content, and its body as it is sent. */
export interface ComposedMail {
  readonly content: MailContent
  readonly body: MailBody
}

const compose = (
  languages: readonly string[],
  look: AccountLook,
  template: MailTemplate,
): ComposedMail => {
  const language = Language.of(languages).named(look.name ?? productName)
  const content = template(language)
  return {
    content,
    body: { text: textOf(content, language), html: htmlOf(content, language, look) },
  }
}

/** The numbers of undelivered mails. */
export interface OutboxCounts {
  readonly waiting: number
  readonly failed: number
}

/**
 * Sends mails through an outbox. A mail is a row, written in the transaction of the change that it
 * reports. It is delivered after that transaction and then deleted. So each mail is sent at least
 * once, whatever fails in between, and never reports a change that was rolled back.
 *
 * A mail may contain a link that sets a password, so its body is sealed until it is delivered.
 */
export class MailService {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly settings: SettingsService,
    private readonly delivery: MailDelivery,
  ) {}

  /**
   * Adds a mail to the outbox, in the transaction of the change that it reports. The mail is in the
   * language of its recipient if there is a catalogue for it, otherwise in that of the account.
   */
  send(unit: WritingUnitOfWork, recipient: Recipient, template: MailTemplate): Promise<void> {
    return this.sendAll(unit, [[recipient, template]])
  }

  /** Like {@link send}, for many mails: each recipient with their mail. */
  async sendAll(
    unit: WritingUnitOfWork,
    mails: readonly (readonly [Recipient, MailTemplate])[],
  ): Promise<void> {
    const now = new Date()
    const { defaultLanguage } = await this.settings.accountDefaultsIn(unit)
    const look = await this.settings.lookIn(unit)
    const rows = mails.map(async ([to, template]): Promise<OutboxMailEntity> => {
      const id = uuidv7()
      const recipient = to.login
      const { content, body } = compose([to.language, defaultLanguage], look, template)
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

  /** Writes a mail without sending it. */
  async compose(unit: UnitOfWork, to: Recipient, template: MailTemplate): Promise<ComposedMail> {
    const { defaultLanguage } = await this.settings.accountDefaultsIn(unit)
    return compose([to.language, defaultLanguage], await this.settings.lookIn(unit), template)
  }

  /** Removes all undelivered mails to a recipient, and those with any of these references. */
  discard(
    unit: WritingUnitOfWork,
    recipient: string,
    references: readonly string[] = [],
  ): Promise<void> {
    return store.deleteMailsTo(unit, recipient, references)
  }

  /**
   * Removes the mails about these things that failed or are stuck, because their links no longer
   * work. Mails of the last minute are left, because they may be on their way already.
   */
  discardAbout(unit: WritingUnitOfWork, references: readonly string[]): Promise<void> {
    return store.deleteMailsAbout(unit, references, new Date(Date.now() - 60_000))
  }

  /** Starts the delivery, including mails that an earlier run left in the outbox. */
  start(report: FailureReport): void {
    this.delivery.start(report)
  }

  /** Stops within seconds. Mails that are not delivered by then stay in the outbox. */
  stop(): Promise<void> {
    return this.delivery.stop()
  }

  /** Waits until no mail is due. */
  idle(): Promise<void> {
    return this.delivery.idle()
  }

  /** The undelivered mails to a recipient, oldest first. */
  listUndelivered(recipient: string): Promise<OutboxMailEntity[]> {
    return this.database.read(unit => store.listMailsTo(unit, recipient))
  }

  /** The newest undelivered mail for each of these references. */
  async newestAbout(references: readonly string[]): Promise<Map<string, OutboxMailEntity>> {
    const mails = await this.database.read(unit => store.listMailsAbout(unit, references))
    return new Map(mails.map(mail => [mail.reference ?? '', mail]))
  }

  /** The age of the oldest mail that waits, in seconds; 0 if no mail waits. */
  async oldestWaitingSeconds(): Promise<number> {
    const since = await this.database.read(store.findWaitingSince)
    return since === null ? 0 : Math.max(0, (Date.now() - since.getTime()) / 1000)
  }

  /** Counts the undelivered mails. */

  async counts(): Promise<OutboxCounts> {
    return this.database.read(async unit => ({
      waiting: await store.countMails(unit, ['WAITING']),
      failed: await store.countMails(unit, ['FAILED']),
    }))
  }
}
