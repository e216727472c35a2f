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
import {
  eventDescriptions,
  eventGroups,
  eventTypesByGroup,
  isIncludedInAll,
} from './event-types.js'
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

/** Queries and mutations about webhooks. */
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
    description: 'A page of the webhooks, oldest first. Requires webhooks.manage.',
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
    description: 'The webhook with this id; null if there is none. Requires webhooks.manage.',
  })
  async webhook(
    @Arg('id', () => ID, { description: 'The id of the webhook.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Webhook | null> {
    const caller = context.requireSignedIn()
    const found = await this.webhooks.find(caller, id)
    return found === null ? null : new Webhook(found)
  }

  @Query(() => WebhookDelivery, {
    nullable: true,
    description: 'The delivery with this id; null if there is none. Requires webhooks.manage.',
  })
  async webhookDelivery(
    @Arg('id', () => ID, { description: 'The id of the delivery.' }) id: string,
    @Ctx() context: Context,
  ): Promise<WebhookDelivery | null> {
    const caller = context.requireSignedIn()
    const found = await this.webhooks.findDelivery(caller, id)
    return found === null ? null : new WebhookDelivery(found)
  }

  @Query(() => [WebhookEventType], {
    description:
      'All event types that webhooks can subscribe to, in the order of their groups. Requires a signed-in caller.',
  })
  webhookEventTypes(@Ctx() context: Context): WebhookEventType[] {
    context.requireSignedIn()
    return eventGroups.flatMap(group =>
      eventTypesByGroup[group].map(name => ({
        name,
        description: context.language.t(eventDescriptions[name]),
        group,
        includedInAll: isIncludedInAll(name),
      })),
    )
  }

  @Mutation(() => CreateWebhookPayload, {
    description:
      'Adds a webhook, enabled, and returns its secret, which is never shown again. There can be 25 webhooks. Requires webhooks.manage.',
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
    description: 'Changes a webhook, or disables or enables it. Requires webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'UPDATE_WEBHOOK')
  @RequireRecentProof()
  async updateWebhook(
    @Arg('input', () => UpdateWebhookInput, { description: 'The webhook and its changes.' })
    { webhookId, url, description, events, enabled }: UpdateWebhookInput,
    @Ctx() context: Context,
  ): Promise<UpdateWebhookPayload> {
    const caller = context.requireSignedIn()
    const edit = {
      webhookId,
      // A field that is null is treated as left out.
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
      'Gives a webhook a new secret and returns it; it is never shown again. Requests are also signed with the previous secret for 24 hours, so that the receiver has time to change. A second rotation in that time ends the oldest secret at once. Requires webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'ROTATE_WEBHOOK_SECRET')
  @RequireRecentProof()
  async rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput, {
      description: 'The webhook that gets a new secret.',
    })
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
      'Deletes a webhook and its deliveries. Pending deliveries are not sent. Requires webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'DELETE_WEBHOOK')
  @RequireRecentProof()
  async deleteWebhook(
    @Arg('input', () => DeleteWebhookInput, { description: 'The webhook to delete.' })
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
      'Sends the event webhook.test to a webhook, regardless of its subscriptions. A test is sent once and not retried. Requires webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'TEST_WEBHOOK')
  async testWebhook(
    @Arg('input', () => TestWebhookInput, { description: 'The webhook to test.' })
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
      'Sends a delivery again, now, whatever its status. It gets the full number of attempts. It keeps its webhook-id, so that a receiver can recognize an event it has already handled. Requires webhooks.manage.',
  })
  @RequirePermission('webhooks.manage', 'REPLAY_WEBHOOK_DELIVERY')
  async replayWebhookDelivery(
    @Arg('input', () => ReplayWebhookDeliveryInput, { description: 'The delivery to send again.' })
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
      'The current full name of the user who added the webhook, or “Deleted user” with the end of their id. Rekey notifies this user by mail if it disables the webhook automatically.',
  })
  async createdByName(@Root() webhook: Webhook, @Ctx() context: Context): Promise<string> {
    const user = await this.people.load(webhook.createdBy, context)
    return user === undefined ? pseudonymOf(webhook.createdBy) : fullNameOf(user)
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'A page of the webhook’s deliveries of the last 30 days, newest first.',
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

/** Resolves the attempts of deliveries. */
@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  private readonly lastAttempts = new RequestLoader((ids, context) =>
    this.webhooks.lastAttemptsOf(context.requireSignedIn(), ids),
  )

  constructor(private readonly webhooks: WebhookService) {}

  @FieldResolver(() => [WebhookAttempt], {
    description: 'The last 25 attempts of this delivery, newest first.',
  })
  async attempts(
    @Root() delivery: WebhookDelivery,
    @Ctx() context: Context,
  ): Promise<WebhookAttempt[]> {
    const attempts = await this.lastAttempts.load(delivery.id, context)
    return (attempts ?? []).map(attempt => new WebhookAttempt(attempt))
  }
}
