import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { RequirePermission, RequireRecentProof, SessionOnly } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import type { MailAdministrationService } from './mail-administration.service.js'
import {
  DropMailInput,
  DropMailPayload,
  MailDeliveryType,
  MailNotRetryable,
  MailSettings,
  OutboxMail,
  OutboxMailConnection,
  OutboxMailNotFound,
  OutboxMailsArgs,
  RetryMailInput,
  RetryMailPayload,
  SendTestMailPayload,
} from './mail-administration.type.js'

/** The state of mail delivery, and the mails that were not delivered. */
@Resolver()
export class MailAdministrationResolver {
  constructor(private readonly administration: MailAdministrationService) {}

  @Query(() => MailSettings, {
    description: 'Where mails go. Requires users.invite, users.manage or settings.manage.',
  })
  mailSettings(@Ctx() context: Context): MailSettings {
    return this.administration.destination(context.requireSignedIn())
  }

  @Query(() => Boolean, {
    description:
      'Whether users can request a link by mail if they forget their password: a mail server is configured. Everyone can read it, and it says nothing about an account.',
  })
  passwordResetByMail(): boolean {
    return this.administration.isConfigured()
  }

  @Query(() => MailDeliveryType, {
    description: 'The state of mail delivery. Requires settings.manage.',
  })
  async mailDelivery(@Ctx() context: Context): Promise<MailDeliveryType> {
    const caller = context.requireSignedIn()
    return new MailDeliveryType(await this.administration.readStatus(caller))
  }

  @Query(() => OutboxMailConnection, {
    description:
      'The mails that wait for delivery or failed, newest first, in pages. Requires settings.manage.',
  })
  async outboxMails(
    @Args(() => OutboxMailsArgs) args: OutboxMailsArgs,
    @Ctx() context: Context,
  ): Promise<OutboxMailConnection> {
    const caller = context.requireSignedIn()
    return new OutboxMailConnection(
      await this.administration.list(caller, args.states ?? [], pageArgumentsOf(args)),
    )
  }

  @Mutation(() => SendTestMailPayload, {
    description:
      'Sends a test mail to the caller’s own login at once and returns the mail server’s answer, within 20 seconds. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'SEND_TEST_MAIL')
  async sendTestMail(@Ctx() context: Context): Promise<SendTestMailPayload> {
    const result = await this.administration.sendTest(context.requireSignedIn(), context.origin)
    const payload = new SendTestMailPayload()
    if (result.kind === 'sent') {
      payload.delivered = result.delivered
      payload.answer = result.answer
    } else payload.errors = [new TooManyAttempts(result.retryAfterSeconds, [])]
    return payload
  }

  @Mutation(() => RetryMailPayload, {
    description:
      'Tries to deliver a waiting or failed mail again now. Does nothing if the mail is being delivered at this moment. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'RETRY_MAIL')
  async retryMail(
    @Arg('input', () => RetryMailInput, { description: 'The mail to try again.' })
    input: RetryMailInput,
    @Ctx() context: Context,
  ): Promise<RetryMailPayload> {
    const caller = context.requireSignedIn()
    const result = await this.administration.retry(caller, input.mailId, context.origin)
    const payload = new RetryMailPayload()
    if (result.kind === 'done') payload.mail = new OutboxMail(result.mail)
    else if (result.kind === 'notFound') payload.errors = [new OutboxMailNotFound()]
    else payload.errors = [new MailNotRetryable()]
    return payload
  }

  @Mutation(() => DropMailPayload, {
    description:
      'Drops a mail that waits or failed: it is never delivered, and its text is erased. Requires settings.manage. The recipient must not outrank the caller.',
  })
  @RequirePermission('settings.manage', 'DROP_MAIL')
  @SessionOnly()
  @RequireRecentProof()
  async dropMail(
    @Arg('input', () => DropMailInput, { description: 'The mail to drop.' }) input: DropMailInput,
    @Ctx() context: Context,
  ): Promise<DropMailPayload> {
    const caller = context.requireSignedIn()
    const result = await this.administration.drop(caller, input.mailId, context.origin)
    const payload = new DropMailPayload()
    if (result.kind === 'done') payload.mail = new OutboxMail(result.mail)
    else payload.errors = [new OutboxMailNotFound()]
    return payload
  }
}
