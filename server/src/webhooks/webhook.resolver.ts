import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import { RequestLoader } from '../graphql/request-loader.js'
import { InvalidField } from '../graphql/user-error.type.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { fullNameOf, pseudonymOf } from '../users/user-keys.js'
import { userLoaderOf } from '../users/user-loader.js'
import { eventDescriptions, eventTypes } from './event-types.js'
import type { InvalidFields, WebhookService } from './webhook.service.js'
import {
  CreateWebhookInput,
  CreateWebhookPayload,
  DeleteWebhookInput,
  DeleteWebhookPayload,
  ReplayWebhookDeliveryInput,
  ReplayWebhookDeliveryPayload,
  RotateWebhookSecretInput,
  RotateWebhookSecretPayload,
  TestWebhookInput,
  TestWebhookPayload,
  TooManyWebhooks,
  UpdateWebhookInput,
  UpdateWebhookPayload,
  Webhook,
  WebhookAttempt,
  WebhookConnection,
  WebhookDeliveriesArgs,
  WebhookDelivery,
  WebhookDeliveryConnection,
  WebhookDeliveryNotFound,
  WebhookDisabled,
  WebhookEventType,
  WebhookNotFound,
  WebhooksArgs,
} from './webhook.type.js'

const invalidFieldsOf = ({ problems }: InvalidFields): InvalidField[] =>
  problems.map(({ field, message }) => new InvalidField(message, [field]))

/** Webhooks, and what was sent to them. */
@Resolver(() => Webhook)
export class WebhookResolver {
  private readonly people: RequestLoader<UserEntity>

  constructor(
    private readonly webhooks: WebhookService,
    users: UserService,
  ) {
    this.people = userLoaderOf(users)
  }

  @Query(() => WebhookConnection, {
    name: 'webhooks',
    description: 'The webhooks, oldest first, a page at a time. Takes webhooks.manage.',
  })
  async webhookList(
    @Args(() => WebhooksArgs) args: WebhooksArgs,
    @Ctx() context: Context,
  ): Promise<WebhookConnection> {
    const caller = context.requireSignedIn()
    return new WebhookConnection(await this.webhooks.list(caller, pageArgumentsOf(args)))
  }

  @Query(() => Webhook, {
    nullable: true,
    description: 'One webhook; null when there is none with this id. Takes webhooks.manage.',
  })
  async webhook(
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Webhook | null> {
    const caller = context.requireSignedIn()
    const found = await this.webhooks.find(caller, id)
    return found === null ? null : new Webhook(found)
  }

  @Query(() => WebhookDelivery, {
    nullable: true,
    description: 'One delivery; null when there is none with this id. Takes webhooks.manage.',
  })
  async webhookDelivery(
    @Arg('id', () => ID, { description: 'Which.' }) id: string,
    @Ctx() context: Context,
  ): Promise<WebhookDelivery | null> {
    const caller = context.requireSignedIn()
    const found = await this.webhooks.findDelivery(caller, id)
    return found === null ? null : new WebhookDelivery(found)
  }

  @Query(() => [WebhookEventType], {
    description: 'All that webhooks can be told of. Takes a signed-in caller.',
  })
  webhookEventTypes(@Ctx() context: Context): WebhookEventType[] {
    context.requireSignedIn()
    return eventTypes.map(name => ({ name, description: eventDescriptions[name] }))
  }

  @Mutation(() => CreateWebhookPayload, {
    description:
      'Adds a webhook, enabled, and tells its secret this once. Takes webhooks.manage; there can be 25.',
  })
  @RequirePermission('webhooks.manage', 'CREATE_WEBHOOK')
  @RequireRecentProof()
  async createWebhook(
    @Arg('input', () => CreateWebhookInput, { description: 'The webhook.' })
    input: CreateWebhookInput,
    @Ctx() context: Context,
  ): Promise<CreateWebhookPayload> {
    const caller = context.requireSignedIn()
    const fields = { ...input, description: input.description ?? '' }
    const result = await this.webhooks.create(caller, fields, context.origin)
    const payload = new CreateWebhookPayload()
    if (result.kind === 'created') {
      payload.webhook = new Webhook(result.webhook)
      payload.secret = result.secret
    } else if (result.kind === 'invalid') payload.errors = invalidFieldsOf(result)
    else payload.errors = [new TooManyWebhooks()]
    return payload
  }

  @Mutation(() => UpdateWebhookPayload, {
    description: 'Changes a webhook, disables or enables it. Takes webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'UPDATE_WEBHOOK')
  @RequireRecentProof()
  async updateWebhook(
    @Arg('input', () => UpdateWebhookInput, { description: 'What to change.' })
    { webhookId, url, description, events, enabled }: UpdateWebhookInput,
    @Ctx() context: Context,
  ): Promise<UpdateWebhookPayload> {
    const caller = context.requireSignedIn()
    const edit = {
      webhookId,
      // What is null is as if it were left out.
      ...(url == null ? {} : { url }),
      ...(description == null ? {} : { description }),
      ...(events == null ? {} : { events }),
      ...(enabled == null ? {} : { enabled }),
    }
    const result = await this.webhooks.update(caller, edit, context.origin)
    const payload = new UpdateWebhookPayload()
    if (result.kind === 'updated') payload.webhook = new Webhook(result.webhook)
    else if (result.kind === 'invalid') payload.errors = invalidFieldsOf(result)
    else payload.errors = [new WebhookNotFound()]
    return payload
  }

  @Mutation(() => RotateWebhookSecretPayload, {
    description:
      'Gives a webhook a new secret and tells it this once. For 24 hours requests are signed with the previous one as well, so that the receiver has time to change; of two rotations within them only the later one’s. Takes webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'ROTATE_WEBHOOK_SECRET')
  @RequireRecentProof()
  async rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput, { description: 'Which webhook.' })
    { webhookId, endPrevious }: RotateWebhookSecretInput,
    @Ctx() context: Context,
  ): Promise<RotateWebhookSecretPayload> {
    const caller = context.requireSignedIn()
    const ends = endPrevious ?? false
    const result = await this.webhooks.rotateSecret(caller, webhookId, ends, context.origin)
    const payload = new RotateWebhookSecretPayload()
    if (result.kind === 'rotated') {
      payload.webhook = new Webhook(result.webhook)
      payload.secret = result.secret
    } else payload.errors = [new WebhookNotFound()]
    return payload
  }

  @Mutation(() => DeleteWebhookPayload, {
    description:
      'Deletes a webhook with its deliveries. What was still to be delivered is not. Takes webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'DELETE_WEBHOOK')
  @RequireRecentProof()
  async deleteWebhook(
    @Arg('input', () => DeleteWebhookInput, { description: 'Which webhook.' })
    { webhookId }: DeleteWebhookInput,
    @Ctx() context: Context,
  ): Promise<DeleteWebhookPayload> {
    const caller = context.requireSignedIn()
    const result = await this.webhooks.delete(caller, webhookId, context.origin)
    const payload = new DeleteWebhookPayload()
    if (result.kind === 'deleted') payload.deletedWebhookId = webhookId
    else payload.errors = [new WebhookNotFound()]
    return payload
  }

  @Mutation(() => TestWebhookPayload, {
    description:
      'Sends the event webhook.test to a webhook, whatever it is told of, and once: it is not tried again. Takes webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'TEST_WEBHOOK')
  async testWebhook(
    @Arg('input', () => TestWebhookInput, { description: 'Which webhook.' })
    { webhookId }: TestWebhookInput,
    @Ctx() context: Context,
  ): Promise<TestWebhookPayload> {
    const caller = context.requireSignedIn()
    const result = await this.webhooks.test(caller, webhookId, context.origin)
    const payload = new TestWebhookPayload()
    if (result.kind === 'queued') payload.delivery = new WebhookDelivery(result)
    else if (result.kind === 'notFound') payload.errors = [new WebhookNotFound()]
    else payload.errors = [new WebhookDisabled(['webhookId'])]
    return payload
  }

  @Mutation(() => ReplayWebhookDeliveryPayload, {
    description:
      'Sends an event to its webhook once more, now and with all attempts before it, whatever became of it. It keeps its webhook-id, by which a receiver knows what it has handled. Takes webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'REPLAY_WEBHOOK_DELIVERY')
  async replayWebhookDelivery(
    @Arg('input', () => ReplayWebhookDeliveryInput, { description: 'Which delivery.' })
    { deliveryId }: ReplayWebhookDeliveryInput,
    @Ctx() context: Context,
  ): Promise<ReplayWebhookDeliveryPayload> {
    const caller = context.requireSignedIn()
    const result = await this.webhooks.replay(caller, deliveryId, context.origin)
    const payload = new ReplayWebhookDeliveryPayload()
    if (result.kind === 'queued') payload.delivery = new WebhookDelivery(result)
    else if (result.kind === 'notFound') payload.errors = [new WebhookDeliveryNotFound()]
    else payload.errors = [new WebhookDisabled(['deliveryId'])]
    return payload
  }

  @FieldResolver(() => String, {
    description:
      'Full name of who added it, as it is now, or “Deleted user” with the end of their id. They are told by mail when it is disabled by itself.',
  })
  async createdByName(@Root() webhook: Webhook, @Ctx() context: Context): Promise<string> {
    const user = await this.people.load(webhook.createdBy, context)
    return user === undefined ? pseudonymOf(webhook.createdBy) : fullNameOf(user)
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'What was sent to it in the last 30 days, newest first, a page at a time.',
  })
  async deliveries(
    @Root() webhook: Webhook,
    @Args(() => WebhookDeliveriesArgs) args: WebhookDeliveriesArgs,
    @Ctx() context: Context,
  ): Promise<WebhookDeliveryConnection> {
    const caller = context.requireSignedIn()
    const selection = { webhookId: webhook.id, statuses: args.statuses ?? [] }
    const page = pageArgumentsOf(args)
    return new WebhookDeliveryConnection(
      await this.webhooks.listDeliveries(caller, selection, page),
    )
  }
}

/** What was tried of a delivery. */
@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  private readonly lastAttempts = new RequestLoader((ids, context) =>
    this.webhooks.lastAttemptsOf(context.requireSignedIn(), ids),
  )

  constructor(private readonly webhooks: WebhookService) {}

  @FieldResolver(() => [WebhookAttempt], {
    description: 'Its attempts, newest first; the last 25 of them.',
  })
  async attempts(
    @Root() delivery: WebhookDelivery,
    @Ctx() context: Context,
  ): Promise<WebhookAttempt[]> {
    const attempts = await this.lastAttempts.load(delivery.id, context)
    return (attempts ?? []).map(attempt => new WebhookAttempt(attempt))
  }
}
