import { hasPermission, mayDropMailTo } from '@rekey/shared/access'
import { uuidv7 } from 'uuidv7'
import type { AccessGuard } from '../access/access-guard.service.js'
import { requirePermission } from '../access/require-permission.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { forbidden, forbiddenOn } from '../graphql/api-error.js'
import { type CountedPage, type PageArguments, readPageById } from '../graphql/keyset-page.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationAction } from '../operations/operation.entity.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { MailService, OutboxCounts } from './mail.service.js'
import type { DirectDelivery, MailDelivery } from './mail-delivery.service.js'
import type { MailDeliveryStateEntity } from './mail-delivery-state.entity.js'
import * as store from './outbox.store.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'
import { canBeRetried, endingOf, giveUpAtOf } from './outbox-mail.js'
import { testMail } from './test.mail.js'

/** Where mails go: the part that the caller may see. */
export interface MailDestination {
  readonly configured: boolean
  /** The folder that keeps mails; null if they go to a server, or if the caller may not see it. */
  readonly outboxFolder: string | null
}

/** Why an administrator should look at the outbox. */
export type MailProblem = 'NOT_LEAVING' | 'FAILED'

/** The current state of mail delivery. */
export interface MailDeliveryStatus {
  readonly settings: MailDestination
  /** Host and port of the mail server; null without one. */
  readonly server: string | null
  readonly state: MailDeliveryStateEntity
  readonly counts: OutboxCounts
  readonly waitingSince: Date | null
  readonly problem: MailProblem | null
}

/** The result of sending a test mail. */
export type TestMailResult =
  | ({ readonly kind: 'sent' } & DirectDelivery)
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** The result of retrying or dropping a mail. */
export type OutboxMailResult =
  | { readonly kind: 'done'; readonly mail: OutboxMailEntity }
  | { readonly kind: 'notFound' | 'notRetryable' }

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs
const listedStates = ['WAITING', 'FAILED'] as const
const manage = 'settings.manage'

/** Lists the mails that were not delivered, and retries or drops them for administrators. */
export class MailAdministrationService {
  constructor(
    private readonly database: Database,
    private readonly guard: AccessGuard,
    private readonly operations: OperationService,
    private readonly users: UserService,
    private readonly throttle: ThrottleService,
    private readonly mail: MailService,
    private readonly delivery: MailDelivery,
    private readonly config: Pick<Config, 'mail' | 'outboxDir' | 'publicUrl'>,
  ) {}

  /**
   * Where mails go. @throws FORBIDDEN if the caller has none of the permissions `users.invite`,
   * `users.manage` and `settings.manage`.
   */
  destination(actor: Caller): MailDestination {
    const isAdministrator = hasPermission(actor, manage)
    const causesMails = hasPermission(actor, 'users.invite') || hasPermission(actor, 'users.manage')
    if (!isAdministrator && !causesMails) throw forbidden(manage)
    const configured = this.isConfigured()
    return {
      configured,
      outboxFolder: isAdministrator && !configured ? this.config.outboxDir : null,
    }
  }

  /** Whether mails go to a mail server. */
  isConfigured(): boolean {
    return this.config.mail.smtpUrl !== null
  }

  /** The state of mail delivery. @throws FORBIDDEN without `settings.manage`. */
  async readStatus(actor: Caller): Promise<MailDeliveryStatus> {
    requirePermission(actor, manage)
    const counts = await this.mail.counts()
    return this.database.read(async unit => {
      const [state, waitingSince] = [
        await store.readState(unit),
        await store.findWaitingSince(unit),
      ]
      const lastFailure = await store.findLastFailure(unit)
      const now = Date.now()
      const wasBefore = (at: Date | null, ageMs: number) =>
        at === null || now - at.getTime() > ageMs
      const isStuck =
        waitingSince !== null &&
        wasBefore(waitingSince, hourMs) &&
        wasBefore(state.lastDeliveredAt, hourMs)
      const hasFailed = lastFailure !== null && !wasBefore(lastFailure, dayMs)
      return {
        settings: this.destination(actor),
        server: this.serverName(),
        state,
        counts,
        waitingSince,
        problem: isStuck ? 'NOT_LEAVING' : hasFailed ? 'FAILED' : null,
      }
    })
  }

  /**
   * A page of the mails that were not delivered, newest first.
   *
   * @param states the states to list; an empty list means WAITING and FAILED.
   * @throws FORBIDDEN without `settings.manage`; BAD_USER_INPUT if the arguments are invalid.
   */
  async list(
    actor: Caller,
    states: readonly store.ListedState[],
    page: PageArguments,
  ): Promise<CountedPage<OutboxMailEntity>> {
    requirePermission(actor, manage)
    const listed = states.length === 0 ? listedStates : states
    return readPageById(page, {
      descending: true,
      idOf: ({ id }) => id,
      read: stretch => this.database.read(unit => store.listMails(unit, listed, stretch)),
      countAll: () => this.database.read(unit => store.countMails(unit, listed)),
    })
  }

  /** The mails with these ids that were not delivered. @throws FORBIDDEN without `settings.manage`. */
  async findMany(actor: Caller, ids: readonly string[]): Promise<OutboxMailEntity[]> {
    requirePermission(actor, manage)
    return this.database.read(unit => store.findMails(unit, ids))
  }

  /**
   * Sends a test mail to the caller's own login, and waits for the mail server's answer.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async sendTest(actor: Caller, origin: RequestOrigin): Promise<TestMailResult> {
    const action = 'SEND_TEST_MAIL'
    const call = { permission: manage, action, actor, origin } as const
    const begun = await this.guard.write(call, async (unit, caller) => {
      const wait = await this.throttle.beginTestMail(unit, caller.id)
      const record = { action, actorId: caller.id, subjectId: caller.id } as const
      if (wait === null) await this.operations.record(unit, origin, { ...record, outcome: 'DONE' })
      else if (wait.first) {
        const reason = 'TOO_MANY_ATTEMPTS'
        await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason })
      }
      const { login, firstName } = caller
      const template = testMail({ firstName, at: new Date(), url: this.config.publicUrl.origin })
      return { wait, login, mail: await this.mail.compose(unit, caller, template) }
    })
    if (begun.wait !== null) {
      return { kind: 'tooManyAttempts', retryAfterSeconds: begun.wait.retryAfterSeconds }
    }
    const { login, mail } = begun
    const { content, body } = mail
    return {
      kind: 'sent',
      ...(await this.delivery.deliverDirectly(uuidv7(), login, content.subject, body)),
    }
  }

  /**
   * Tries a mail again now. A failed mail gets another five days, but not longer than its link
   * works.
   *
   * @throws as {@link AccessGuard.write}.
   */
  retry(actor: Caller, mailId: string, origin: RequestOrigin): Promise<OutboxMailResult> {
    return this.change('RETRY_MAIL', actor, mailId, origin, async (unit, mail) => {
      const now = new Date()
      if (!canBeRetried(mail, now)) return 'notRetryable'
      // The mail is being delivered at this moment. Another attempt would send it twice.
      if (mail.claimedUntil !== null && mail.claimedUntil > now) return {}
      unit.afterCommit(() => this.delivery.tryNow())
      if (mail.state === 'WAITING') return { nextAttemptAt: now }
      return {
        state: 'WAITING',
        attempts: 0,
        nextAttemptAt: now,
        giveUpAt: giveUpAtOf(now, mail.linkExpiresAt),
        endedAt: null,
      }
    })
  }

  /**
   * Drops a mail: it is never delivered, and its body is erased.
   *
   * @throws as {@link AccessGuard.write}; FORBIDDEN if its recipient outranks the caller.
   */
  async drop(actor: Caller, mailId: string, origin: RequestOrigin): Promise<OutboxMailResult> {
    // Read before the transaction, because a rejection is recorded in a transaction of its
    // own.
    const recipient = await this.database.read(async unit => {
      const mail = await store.findMail(unit, mailId)
      return mail === null ? null : this.recipientOf(unit, mail)
    })
    if (recipient !== null && !mayDropMailTo(actor, recipient)) {
      await this.guard.recordRefusal(origin, 'DROP_MAIL', actor, recipient.id)
      throw forbiddenOn(actor, manage)
    }
    return this.change('DROP_MAIL', actor, mailId, origin, async (unit, mail) => {
      const subject = await this.recipientOf(unit, mail)
      if (subject !== null && !mayDropMailTo(actor, subject)) throw forbiddenOn(actor, manage)
      return endingOf(mail, 'DROPPED', new Date())
    })
  }

  private change(
    action: OperationAction,
    actor: Caller,
    mailId: string,
    origin: RequestOrigin,
    work: (
      unit: WritingUnitOfWork,
      mail: OutboxMailEntity,
    ) => Promise<Partial<OutboxMailEntity> | 'notRetryable'>,
  ): Promise<OutboxMailResult> {
    const call = { permission: manage, action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<OutboxMailResult> => {
      const mail = await store.findMail(unit, mailId)
      if (mail === null || mail.state === 'DROPPED') return { kind: 'notFound' }
      const changes = await work(unit, mail)
      if (changes === 'notRetryable') return { kind: 'notRetryable' }
      if (Object.keys(changes).length > 0) await store.updateMail(unit, mailId, changes)
      // An address is personal data, which the operation list does not keep.
      const subject = await this.recipientOf(unit, mail)
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: subject?.id ?? null,
        changes: [changeOf('mail', mail.subject, action === 'DROP_MAIL' ? null : mail.subject)],
      })
      return { kind: 'done', mail: { ...mail, ...changes } }
    })
  }

  private async recipientOf(
    unit: UnitOfWork,
    { recipient, reference }: OutboxMailEntity,
  ): Promise<UserEntity | null> {
    // The notice of a changed login goes to an address that is no longer the login of any
    // user.
    const id = /^[a-z-]+:(.+)$/.exec(reference ?? '')?.[1]
    const about = id === undefined ? null : await this.users.findIn(unit, id)
    return about ?? this.users.findByLoginIn(unit, recipient)
  }

  private serverName(): string | null {
    const { smtpUrl } = this.config.mail
    if (smtpUrl === null) return null
    const { host, port, protocol } = new URL(smtpUrl)
    return port === '' ? `${host}:${protocol === 'smtps:' ? 465 : 587}` : host
  }
}
