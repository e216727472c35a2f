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
import type { MailDeliveryStatus } from './mail-administration.service.js'
import { MailState } from './mail-state.type.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'
import { canBeRetried } from './outbox-mail.js'

/** Where mails go, as far as those who cause mails need to know. */
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
      'The folder on the server that keeps the mails if no mail server is configured; else null, and null without settings.manage.',
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

/** The mail server takes no mail. */
@ObjectType({
  description:
    'The mail server accepts no mail at all, for example because it refuses connections.',
})
export class MailServerFault {
  @Field(() => GraphQLDateTimeISO, { description: 'When it began.' })
  since!: Date

  @Field(() => String, {
    description: 'The server’s answer or the fault of the network, at most 300 characters.',
  })
  reason!: string

  @Field(() => GraphQLDateTimeISO, { description: 'When the server is tried again.' })
  retryAt!: Date
}

/** The delivery of mails as administrators see it. */
@ObjectType({ description: 'The delivery of mails. All of it requires settings.manage.' })
export class MailDeliveryType {
  @Field(() => Boolean, { description: 'As `MailSettings.configured`.' })
  configured: boolean

  @Field(() => String, {
    nullable: true,
    description:
      'Host and port of the mail server, such as mail.example.com:587; null if none is configured.',
  })
  server: string | null

  @Field(() => String, { nullable: true, description: 'As `MailSettings.outboxFolder`.' })
  outboxFolder: string | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When a mail was delivered last, to within ten seconds; null if none was.',
  })
  lastDeliveredAt: Date | null

  @Field(() => Int, { description: 'How many mails wait for delivery.' })
  waitingCount: number

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the oldest mail that waits was queued; null if none waits.',
  })
  waitingSince: Date | null

  @Field(() => Int, { description: 'How many mails failed. They are listed for 30 days.' })
  failedCount: number

  @Field(() => MailServerFault, {
    nullable: true,
    description: 'The present fault of the mail server; null if it accepts mails, or none waits.',
  })
  serverFault: MailServerFault | null

  @Field(() => MailProblemEnum, {
    nullable: true,
    description: 'Why an administrator should look at the outbox; null if all is well.',
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
  description: 'A mail that was not delivered. Its text and its link are never available.',
})
export class OutboxMail {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => String, { description: 'The address it goes to.' })
  recipient: string

  @Field(() => String, { description: 'Its subject.' })
  subject: string

  @Field(() => MailState, { description: 'WAITING, FAILED or DROPPED. A sent mail is not listed.' })
  state: MailState

  @Field(() => GraphQLDateTimeISO, { description: 'When it was queued.' })
  createdAt: Date

  @Field(() => Int, {
    description:
      'How many attempts failed because of this mail. Attempts that failed because of the mail server do not count.',
  })
  attempts: number

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'The earliest time of the next attempt; null unless it waits.',
  })
  nextAttemptAt: Date | null

  @Field(() => String, {
    nullable: true,
    description:
      'Why the last attempt failed: the server’s answer without links, at most 300 characters; null if no attempt failed.',
  })
  failure: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'The reply code of SMTP in that answer, such as 550; null if there was none.',
  })
  smtpCode: number | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it failed or was dropped; null while it waits.',
  })
  endedAt: Date | null

  @Field(() => Boolean, {
    description:
      'Whether retryMail can send it: its text is erased once its link has expired, and three days after it failed if it has no link.',
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
      'Any of these states. Left out or empty, WAITING and FAILED. SENT matches nothing.',
  })
  states?: MailState[] | null
}

/** A mail with its place in the list. */
@ObjectType({ description: 'A mail with its place in the list.' })
class OutboxMailEdge {
  @Field(() => String, { description: 'The place of this mail, to page on from.' })
  cursor!: string

  @Field(() => OutboxMail, { description: 'The mail.' })
  node!: OutboxMail
}

/** One page of the outbox. */
@ObjectType({
  description:
    'One page of the mails that were not delivered, newest first (Relay Cursor Connections Specification).',
})
export class OutboxMailConnection {
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<OutboxMailEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [OutboxMailEdge], { description: 'The mails with their places.' })
  edges(): OutboxMailEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new OutboxMail(row),
    }))
  }

  @Field(() => [OutboxMail], { description: 'The mails alone, for callers that need no cursors.' })
  nodes(): OutboxMail[] {
    return this.page.rows.map(row => new OutboxMail(row))
  }

  @Field(() => Int, { description: 'How many mails there are, on all pages together.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** No such mail. */
@ObjectType({
  implements: UserError,
  description: 'There is no such mail, or no longer: it was delivered, or failed 30 days ago.',
})
export class OutboxMailNotFound extends UserError {
  constructor() {
    super('There is no such mail any more. It may have been delivered.', ['mailId'])
  }
}

/** A mail without a text. */
@ObjectType({
  implements: UserError,
  description:
    'The mail was dropped, or its text is erased: its link has expired, or it failed three days ago.',
})
export class MailNotRetryable extends UserError {
  constructor() {
    super('This mail can no longer be sent. Cause a new one, for example a new invitation.', [
      'mailId',
    ])
  }
}

const SendTestMailError = createUnionType({
  name: 'SendTestMailError',
  description: 'Why no test mail was sent.',
  types: () => [TooManyAttempts] as const,
})

/** The outcome of a test mail. */
@ObjectType({ description: 'The outcome of sending a test mail.' })
export class SendTestMailPayload {
  @Field(() => Boolean, {
    description:
      'Whether the mail server accepted the mail. If none is configured, whether it was kept as a file.',
  })
  delivered = false

  @Field(() => String, {
    nullable: true,
    description:
      'The answer of the mail server, or why there is none, at most 300 characters; null if the mail was kept as a file, and if no test was sent.',
  })
  answer: string | null = null

  @Field(() => [SendTestMailError], {
    description: 'Empty when a test was sent, whatever the mail server answered.',
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

/** The outcome of trying a mail again. */
@ObjectType({ description: 'The outcome of trying a mail again.' })
export class RetryMailPayload {
  @Field(() => OutboxMail, {
    nullable: true,
    description: 'The mail, which waits now; null when refused.',
  })
  mail: OutboxMail | null = null

  @Field(() => [RetryMailError], { description: 'Empty when the mail waits for delivery again.' })
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

/** The outcome of dropping a mail. */
@ObjectType({ description: 'The outcome of dropping a mail.' })
export class DropMailPayload {
  @Field(() => OutboxMail, {
    nullable: true,
    description: 'The mail, dropped and without its text; null when refused.',
  })
  mail: OutboxMail | null = null

  @Field(() => [DropMailError], { description: 'Empty when the mail was dropped.' })
  errors: (typeof DropMailError)[] = []
}
