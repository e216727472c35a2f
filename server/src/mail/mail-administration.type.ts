import { GraphQLDateTimeISO } from 'graphql-scalars'
import {
  ArgsType,
  createUnionType,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { TooManyAttempts, UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { Node } from '../nodes/node.type.js'
import type { MailDeliveryStatus } from './mail-administration.service.js'
import { MailState } from './mail-state.type.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'
import { canBeRetried } from './outbox-mail.js'

/** Where mails go: the part that users who cause mails need to see. */
@ObjectType({ description: 'Where mails go.' })
export class MailSettings {
  @Field(() => Boolean, {
    description:
      'Whether mails go to a mail server. If false (SMTP_URL is not set), nobody receives them: the server keeps them as files.',
  })
  configured!: boolean

  @Field(() => String, {
    nullable: true,
    description:
      'The folder on the server that keeps the mails if no mail server is configured; otherwise null. Also null without settings.manage.',
  })
  outboxFolder!: string | null
}

/** Why an administrator should look at the outbox. */
enum MailProblemEnum {
  NOT_LEAVING = 'NOT_LEAVING',
  FAILED = 'FAILED',
}

registerEnumType(MailProblemEnum, {
  name: 'MailProblem',
  description: 'Why an administrator should look at the mails that were not delivered.',
  valuesConfig: {
    NOT_LEAVING: {
      description: 'A mail has waited for more than an hour, and none was delivered in that time.',
    },
    FAILED: { description: 'A mail failed in the last 24 hours.' },
  },
})

/** The mail server accepts no mail. */
@ObjectType({
  description:
    'The mail server accepts no mail at all, for example because it refuses connections.',
})
export class MailServerFault {
  @Field(() => GraphQLDateTimeISO, { description: 'When the fault began.' })
  since!: Date

  @Field(() => String, {
    description: 'The server’s answer or the network error; up to 300 characters.',
  })
  reason!: string

  @Field(() => GraphQLDateTimeISO, { description: 'When the server is tried again.' })
  retryAt!: Date
}

/** The state of mail delivery, as administrators see it. */
@ObjectType({ description: 'The state of mail delivery. All fields require settings.manage.' })
export class MailDeliveryType {
  @Field(() => Boolean, { description: 'The same value as `MailSettings.configured`.' })
  configured: boolean

  @Field(() => String, {
    nullable: true,
    description:
      'Host and port of the mail server, such as mail.example.com:587; null if no mail server is configured.',
  })
  server: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The same value as `MailSettings.outboxFolder`.',
  })
  outboxFolder: string | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'The time of the last delivery of a mail, accurate to ten seconds; null if no mail was delivered yet.',
  })
  lastDeliveredAt: Date | null

  @Field(() => Int, { description: 'The number of mails that wait for delivery.' })
  waitingCount: number

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the oldest waiting mail was queued; null if no mail waits.',
  })
  waitingSince: Date | null

  @Field(() => Int, {
    description: 'The number of mails that failed. They are listed for 30 days.',
  })
  failedCount: number

  @Field(() => MailServerFault, {
    nullable: true,
    description:
      'The current fault of the mail server; null if it accepts mails, or if no mail waits.',
  })
  serverFault: MailServerFault | null

  @Field(() => MailProblemEnum, {
    nullable: true,
    description: 'Why an administrator should look at the outbox; null if there is no problem.',
  })
  problem: MailProblemEnum | null

  constructor({ settings, server, state, counts, waitingSince, problem }: MailDeliveryStatus) {
    const { faultSince, faultReason, faultRetryAt } = state
    this.configured = settings.configured
    this.server = server
    this.outboxFolder = settings.outboxFolder
    this.lastDeliveredAt = state.lastDeliveredAt
    this.waitingCount = counts.waiting
    this.waitingSince = waitingSince
    this.failedCount = counts.failed
    this.serverFault =
      faultSince === null || waitingSince === null
        ? null
        : { since: faultSince, reason: faultReason ?? '', retryAt: faultRetryAt ?? faultSince }
    this.problem = problem === null ? null : MailProblemEnum[problem]
  }
}

/** A mail that was not delivered. */
@ObjectType({
  implements: Node,
  description: 'A mail that was not delivered. Its text and its link are never available.',
})
export class OutboxMail implements Node {
  @Field(() => ID, { description: 'The opaque, stable id of the mail.' })
  id: string

  @Field(() => String, { description: 'The e-mail address of the recipient.' })
  recipient: string

  @Field(() => String, { description: 'The subject of the mail.' })
  subject: string

  @Field(() => MailState, {
    description: 'The state of the mail: WAITING, FAILED or DROPPED. A sent mail is not listed.',
  })
  state: MailState

  @Field(() => GraphQLDateTimeISO, { description: 'When the mail was queued.' })
  createdAt: Date

  @Field(() => Int, {
    description:
      'The number of attempts that failed because of this mail. Attempts that failed because of the mail server do not count.',
  })
  attempts: number

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'The earliest time of the next attempt; null unless the mail waits.',
  })
  nextAttemptAt: Date | null

  @Field(() => String, {
    nullable: true,
    description:
      'Why the last attempt failed: the server’s answer without links, up to 300 characters; null if no attempt failed.',
  })
  failure: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'The SMTP reply code in the server’s answer, such as 550; null if there was none.',
  })
  smtpCode: number | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the mail failed or was dropped; null while it waits.',
  })
  endedAt: Date | null

  @Field(() => Boolean, {
    description:
      'Whether retryMail can send the mail. The text of a mail is erased when its link expires; without a link, three days after the mail failed.',
  })
  retryable: boolean

  constructor(mail: OutboxMailEntity) {
    const waits = mail.state === 'WAITING'
    this.id = mail.id
    this.recipient = mail.recipient
    this.subject = mail.subject
    this.state = MailState[mail.state]
    this.createdAt = mail.createdAt
    this.attempts = mail.attempts
    this.nextAttemptAt = waits ? mail.nextAttemptAt : null
    this.failure = mail.failure
    this.smtpCode = mail.smtpCode
    this.endedAt = mail.endedAt
    this.retryable = canBeRetried(mail, new Date())
  }
}

/** Arguments of the outbox. */
@ArgsType()
export class OutboxMailsArgs extends PageArgs {
  @Field(() => [MailState], {
    nullable: true,
    description:
      'The states to list. If omitted or empty, WAITING and FAILED. SENT matches no mail.',
  })
  states?: MailState[] | null
}

/** A mail with its cursor. */
@ObjectType({ description: 'A mail with its cursor.' })
class OutboxMailEdge {
  @Field(() => String, { description: 'The cursor of this item.' })
  cursor!: string

  @Field(() => OutboxMail, { description: 'The mail of this item.' })
  node!: OutboxMail
}

/** One page of the outbox. */
@ObjectType({
  description:
    'One page of the mails that were not delivered, newest first (Relay Cursor Connections Specification).',
})
export class OutboxMailConnection {
  @Field(() => PageInfo, { description: 'Whether there are items before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<OutboxMailEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [OutboxMailEdge], { description: 'The mails with their cursors.' })
  edges(): OutboxMailEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new OutboxMail(row),
    }))
  }

  @Field(() => [OutboxMail], { description: 'The mails without cursors.' })
  nodes(): OutboxMail[] {
    return this.page.rows.map(row => new OutboxMail(row))
  }

  @Field(() => Int, { description: 'The number of mails on all pages.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** There is no such mail. */
@ObjectType({
  implements: UserError,
  description:
    'There is no mail with this id. Or the mail is no longer listed, because it was delivered, or because it failed or was dropped more than 30 days ago.',
})
export class OutboxMailNotFound extends UserError {
  constructor() {
    super(text('mail.error.outboxMailNotFound'), ['mailId'])
  }
}

/** The text of the mail was erased. */
@ObjectType({
  implements: UserError,
  description:
    'The mail was dropped, or its text was erased because its link has expired or it failed more than three days ago.',
})
export class MailNotRetryable extends UserError {
  constructor() {
    super(text('mail.error.mailNotRetryable'), ['mailId'])
  }
}

const SendTestMailError = createUnionType({
  name: 'SendTestMailError',
  description: 'Why no test mail was sent.',
  types: () => [TooManyAttempts] as const,
})

/** The result of sending a test mail. */
@ObjectType({ description: 'The result of sending a test mail.' })
export class SendTestMailPayload {
  @Field(() => Boolean, {
    description:
      'Whether the mail server accepted the mail. If no mail server is configured, whether the mail was kept as a file.',
  })
  delivered = false

  @Field(() => String, {
    nullable: true,
    description:
      'The answer of the mail server, or the reason why there is none; up to 300 characters. Null if the mail was kept as a file, or if no test mail was sent.',
  })
  answer: string | null = null

  @Field(() => [SendTestMailError], {
    description: 'Empty if a test mail was sent, whatever the mail server answered.',
  })
  errors: (typeof SendTestMailError)[] = []
}

/** The mail to try again. */
@InputType({ description: 'The mail to try again.' })
export class RetryMailInput {
  @Field(() => ID, { description: 'The id of a mail that waits or failed.' })
  mailId!: string
}

const RetryMailError = createUnionType({
  name: 'RetryMailError',
  description: 'Why a mail was not tried again.',
  types: () => [OutboxMailNotFound, MailNotRetryable] as const,
})

/** The result of trying a mail again. */
@ObjectType({ description: 'The result of trying a mail again.' })
export class RetryMailPayload {
  @Field(() => OutboxMail, {
    nullable: true,
    description: 'The mail, which now waits for delivery; null if the request was rejected.',
  })
  mail: OutboxMail | null = null

  @Field(() => [RetryMailError], { description: 'Empty if the mail waits for delivery again.' })
  errors: (typeof RetryMailError)[] = []
}

/** The mail to drop. */
@InputType({ description: 'The mail to drop.' })
export class DropMailInput {
  @Field(() => ID, { description: 'The id of a mail that waits or failed.' })
  mailId!: string
}

const DropMailError = createUnionType({
  name: 'DropMailError',
  description: 'Why a mail was not dropped.',
  types: () => [OutboxMailNotFound] as const,
})

/** The result of dropping a mail. */
@ObjectType({ description: 'The result of dropping a mail.' })
export class DropMailPayload {
  @Field(() => OutboxMail, {
    nullable: true,
    description: 'The dropped mail, without its text; null if the request was rejected.',
  })
  mail: OutboxMail | null = null

  @Field(() => [DropMailError], { description: 'Empty if the mail was dropped.' })
  errors: (typeof DropMailError)[] = []
}
