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
import { MaxLength } from '../graphql/max-length.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { Node } from '../nodes/node.type.js'
import { type EventGroup, eventGroups } from './event-types.js'
import {
  type WebhookDisabledReason,
  type WebhookEntity,
  webhookDisabledReasons,
} from './webhook.entity.js'
import { type DeliveredEvent, maxWebhooks, previousSecretHours } from './webhook.service.js'
import type { WebhookAttemptEntity } from './webhook-attempt.entity.js'
import { type WebhookDeliveryStatus, webhookDeliveryStatuses } from './webhook-delivery.entity.js'
import { bodyOf } from './webhook-event.js'
import { type SendFailure, sendFailures } from './webhook-sender.js'

const enumOf = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map(value => [value, value])) as { [Key in Value]: Key }

/** The reasons as a GraphQL enum. */
const WebhookDisabledReasonEnum = enumOf<WebhookDisabledReason>(webhookDisabledReasons)

registerEnumType(WebhookDisabledReasonEnum, {
  name: 'WebhookDisabledReason',
  description: 'Why a webhook is disabled.',
  valuesConfig: {
    BY_USER: { description: 'A user disabled it.' },
    GONE: {
      description:
        'The receiver answered 410 Gone. The user who added the webhook was notified by mail.',
    },
    FAILING: {
      description:
        'A delivery was given up, and every attempt had failed for three days. The user who added the webhook was notified by mail.',
    },
  },
})

/** The statuses as a GraphQL enum. */
const WebhookDeliveryStatusEnum = enumOf<WebhookDeliveryStatus>(webhookDeliveryStatuses)

registerEnumType(WebhookDeliveryStatusEnum, {
  name: 'WebhookDeliveryStatus',
  description: 'The status of a delivery.',
  valuesConfig: {
    PENDING: {
      description: 'It is not delivered yet. It is held while its webhook is disabled.',
    },
    DELIVERED: { description: 'The receiver answered with a 2xx status.' },
    FAILED: {
      description:
        'It was given up: 11 attempts over two days failed, the only attempt of a test failed, or the receiver answered 410 Gone.',
    },
  },
})

/** The failures as a GraphQL enum. */
const WebhookFailureEnum = enumOf<SendFailure>(sendFailures)

registerEnumType(WebhookFailureEnum, {
  name: 'WebhookFailure',
  description: 'Why there was no response.',
  valuesConfig: {
    ADDRESS_REFUSED: {
      description:
        'The host has an address that is not a public internet address. Nothing was sent.',
    },
    HOST_NOT_FOUND: { description: 'The name of the host was not found.' },
    CONNECTION_FAILED: { description: 'The receiver refused or closed the connection.' },
    CERTIFICATE_REFUSED: { description: 'The receiver’s certificate is not trusted.' },
    TIMED_OUT: { description: 'The receiver did not answer in time.' },
    SECRET_UNREADABLE: {
      description:
        'Nothing was sent: Rekey cannot read the webhook’s secret, because the secrets key was lost or replaced. Rotate the webhook’s secret.',
    },
  },
})

/** The groups as a GraphQL enum. */
const WebhookEventGroupEnum = enumOf<EventGroup>(eventGroups)

registerEnumType(WebhookEventGroupEnum, {
  name: 'WebhookEventGroup',
  description: 'What event types are about.',
  valuesConfig: {
    USERS: { description: 'Users and invitations.' },
    PASSWORDS: { description: 'Passwords and links that reset them.' },
    SESSIONS: { description: 'Sign-ins and sessions.' },
    SECOND_FACTORS: { description: 'Second factors and recovery codes.' },
    API_TOKENS: { description: 'API tokens.' },
  },
})

/** An event type with its description. */
@ObjectType({ description: 'An event type that webhooks can subscribe to.' })
export class WebhookEventType {
  @Field(() => String, { description: 'The name of the event type, such as user.blocked.' })
  name!: string

  @Field(() => String, {
    description: 'When the event is sent, in the language of UserError.message.',
  })
  description!: string

  @Field(() => WebhookEventGroupEnum, { description: 'What the event type is about.' })
  group!: EventGroup

  @Field(() => Boolean, {
    description:
      'Whether a form should choose it with “all events”. False for sign_in.refused: anyone who knows a login can cause it, so choose it on purpose.',
  })
  includedInAll!: boolean
}

/** A URL that receives events. */
@ObjectType({
  implements: Node,
  description:
    'A URL that receives events as signed HTTP requests (Standard Webhooks). docs/webhooks.md explains how to receive them.',
})
export class Webhook implements Node {
  @Field(() => ID, { description: 'An opaque, stable identifier.' })
  id: string

  @Field(() => String, { description: 'The URL that requests are sent to.' })
  url: string

  @Field(() => String, { description: 'What the webhook is for; may be empty.' })
  description: string

  @Field(() => [String], {
    description:
      'The names of the event types it subscribes to. webhookEventTypes lists all names.',
  })
  events: readonly string[]

  @Field(() => Boolean, { description: 'Whether events are sent to it now.' })
  enabled: boolean

  @Field(() => WebhookDisabledReasonEnum, {
    nullable: true,
    description: 'Why it is disabled; null if it is enabled.',
  })
  disabledReason: WebhookDisabledReason | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it was disabled; null if it is enabled.',
  })
  disabledAt: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'The time since which every attempt has failed; null if the last attempt succeeded.',
  })
  failingSince: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'The time until which requests are also signed with the previous secret; null if they are not.',
  })
  previousSecretExpiresAt: Date | null

  @Field(() => GraphQLDateTimeISO, { description: 'When it was added.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When a user last changed it.' })
  updatedAt: Date

  readonly createdBy: string

  constructor(entity: WebhookEntity) {
    this.id = entity.id
    this.url = entity.url
    this.description = entity.description
    this.events = entity.events
    this.enabled = entity.disabledAt === null
    this.disabledReason = entity.disabledReason
    this.disabledAt = entity.disabledAt
    this.failingSince = entity.failingSince
    const { previousSecretExpiresAt: expiresAt } = entity
    this.previousSecretExpiresAt = expiresAt !== null && expiresAt > new Date() ? expiresAt : null
    this.createdAt = entity.createdAt
    this.updatedAt = entity.updatedAt
    this.createdBy = entity.createdBy
  }
}

/** One request of a delivery. */
@ObjectType({ description: 'One request of a delivery, sent or failed before it was sent.' })
export class WebhookAttempt {
  @Field(() => ID, { description: 'An opaque, stable identifier.' })
  id: string

  @Field(() => GraphQLDateTimeISO, {
    description: 'When the request was made. Its webhook-timestamp is this time in whole seconds.',
  })
  at: Date

  @Field(() => Int, { description: 'How long the request took, in milliseconds.' })
  durationMs: number

  @Field(() => Int, {
    nullable: true,
    description: 'The HTTP status of the response, such as 204; null if there was none.',
  })
  status: number | null

  @Field(() => WebhookFailureEnum, {
    nullable: true,
    description: 'Why there was no response; null if there was one.',
  })
  failure: SendFailure | null

  @Field(() => String, {
    nullable: true,
    description:
      'The beginning of the response body, at most 1,000 characters. Null if there was no response, or if the user of the event was deleted.',
  })
  excerpt: string | null

  constructor(entity: WebhookAttemptEntity) {
    this.id = entity.id
    this.at = entity.at
    this.durationMs = entity.durationMs
    this.status = entity.status
    this.failure = entity.failure
    this.excerpt = entity.excerpt
  }
}

/** The delivery of an event to a webhook. */
@ObjectType({
  implements: Node,
  description: 'The delivery of an event to a webhook. It is kept for 30 days.',
})
export class WebhookDelivery implements Node {
  @Field(() => ID, { description: 'An opaque, stable identifier.' })
  id: string

  @Field(() => ID, { description: 'The id of the webhook it is sent to.' })
  webhookId: string

  @Field(() => ID, {
    description: 'The id of the event. It is sent as webhook-id, the same for every attempt.',
  })
  eventId: string

  @Field(() => String, {
    description: 'The event type, such as user.blocked, or webhook.test for a test.',
  })
  type: string

  @Field(() => String, {
    description: 'The request body, as JSON. The login is missing if its user was deleted.',
  })
  body: string

  @Field(() => WebhookDeliveryStatusEnum, { description: 'The status of the delivery.' })
  status: WebhookDeliveryStatus

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'When the next attempt is due. Null if there will be none, or while the webhook is disabled.',
  })
  nextAttemptAt: Date | null

  @Field(() => GraphQLDateTimeISO, { description: 'When the delivery was created.' })
  createdAt: Date

  constructor({ delivery, event }: DeliveredEvent) {
    this.id = delivery.id
    this.webhookId = delivery.webhookId
    this.eventId = event.id
    this.type = event.type
    this.body = bodyOf(event)
    this.status = delivery.status
    this.nextAttemptAt = delivery.nextAttemptAt
    this.createdAt = delivery.createdAt
  }
}

/** Arguments of the list of webhooks. */
@ArgsType()
export class WebhooksArgs extends PageArgs {}

/** A webhook and its cursor. */
@ObjectType({ description: 'A webhook and its cursor in a list.' })
class WebhookEdge {
  @Field(() => String, { description: 'The cursor of this webhook, to continue the list from.' })
  cursor!: string

  @Field(() => Webhook, { description: 'The webhook.' })
  node!: Webhook
}

/** One page of webhooks. */
@ObjectType({
  description: 'One page of webhooks, oldest first (Relay Cursor Connections Specification).',
})
export class WebhookConnection {
  @Field(() => PageInfo, {
    description:
      'Whether there are pages before and after this one, and the cursors to request them.',
  })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<WebhookEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [WebhookEdge], { description: 'The webhooks with their cursors.' })
  edges(): WebhookEdge[] {
    return this.page.rows.map(row => ({ cursor: this.page.cursorOf(row), node: new Webhook(row) }))
  }

  @Field(() => [Webhook], { description: 'The webhooks without cursors.' })
  nodes(): Webhook[] {
    return this.page.rows.map(row => new Webhook(row))
  }

  @Field(() => Int, { description: 'The number of webhooks on all pages.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** Arguments of the list of deliveries. */
@ArgsType()
export class WebhookDeliveriesArgs extends PageArgs {
  @Field(() => [WebhookDeliveryStatusEnum], {
    nullable: true,
    description:
      'Only deliveries with one of these statuses. An empty list returns all deliveries.',
  })
  statuses?: WebhookDeliveryStatus[] | null
}

/** A delivery and its cursor. */
@ObjectType({ description: 'A delivery and its cursor in a list.' })
class WebhookDeliveryEdge {
  @Field(() => String, { description: 'The cursor of this delivery, to continue the list from.' })
  cursor!: string

  @Field(() => WebhookDelivery, { description: 'The delivery.' })
  node!: WebhookDelivery
}

/** One page of deliveries. */
@ObjectType({
  description:
    'One page of the deliveries to a webhook, newest first (Relay Cursor Connections Specification).',
})
export class WebhookDeliveryConnection {
  @Field(() => PageInfo, {
    description:
      'Whether there are pages before and after this one, and the cursors to request them.',
  })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<DeliveredEvent>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [WebhookDeliveryEdge], { description: 'The deliveries with their cursors.' })
  edges(): WebhookDeliveryEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new WebhookDelivery(row),
    }))
  }

  @Field(() => [WebhookDelivery], {
    description: 'The deliveries without cursors.',
  })
  nodes(): WebhookDelivery[] {
    return this.page.rows.map(row => new WebhookDelivery(row))
  }

  @Field(() => Int, { description: 'The number of deliveries on all pages.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** The webhook does not exist. */
@ObjectType({
  implements: UserError,
  description: 'The webhook does not exist, or no longer exists.',
})
export class WebhookNotFound extends UserError {
  constructor() {
    super(text('webhooks.error.webhookNotFound'), ['webhookId'])
  }
}

/** The delivery does not exist. */
@ObjectType({
  implements: UserError,
  description: 'The delivery does not exist, or no longer exists. Deliveries are kept for 30 days.',
})
export class WebhookDeliveryNotFound extends UserError {
  constructor() {
    super(text('webhooks.error.webhookDeliveryNotFound'), ['deliveryId'])
  }
}

/** The webhook is disabled. */
@ObjectType({
  implements: UserError,
  description: 'The webhook is disabled, so nothing is sent to it.',
})
export class WebhookDisabled extends UserError {
  constructor(path: string[]) {
    super(text('webhooks.error.webhookDisabled'), path)
  }
}

/** The maximum number of webhooks exists. */
@ObjectType({
  implements: UserError,
  description: `There are already ${maxWebhooks} webhooks, which is the maximum.`,
})
export class TooManyWebhooks extends UserError {
  constructor() {
    super(text('webhooks.error.tooManyWebhooks', { max: maxWebhooks }), [])
  }
}

const urlDescription =
  'The URL that requests are sent to: https, a public internet host, port 443 or 1024 and higher, at most 2,000 characters, without user name, password and fragment. WEBHOOKS_ALLOW_PRIVATE allows http, and any host and port.'
const eventsDescription =
  'The names of the event types to subscribe to, at least one. webhookEventTypes lists all names.'
const descriptionDescription = 'What the webhook is for, at most 200 characters.'

/** The webhook to add. */
@InputType({ description: 'The webhook to add.' })
export class CreateWebhookInput {
  @MaxLength(4_000)
  @Field(() => String, { description: urlDescription })
  url!: string

  @MaxLength(2_000)
  @Field(() => String, {
    nullable: true,
    description: `${descriptionDescription} Defaults to empty.`,
  })
  description?: string | null

  @MaxLength(100)
  @Field(() => [String], { description: eventsDescription })
  events!: string[]
}

/** A webhook and its changes. */
@InputType({ description: 'A webhook and its changes. Fields that are left out stay as they are.' })
export class UpdateWebhookInput {
  @Field(() => ID, { description: 'The id of the webhook to change.' })
  webhookId!: string

  @MaxLength(4_000)
  @Field(() => String, { nullable: true, description: urlDescription })
  url?: string | null

  @MaxLength(2_000)
  @Field(() => String, { nullable: true, description: descriptionDescription })
  description?: string | null

  @MaxLength(100)
  @Field(() => [String], { nullable: true, description: eventsDescription })
  events?: string[] | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'False disables the webhook: events from then on are not queued for it, and pending deliveries are held. True enables it, and sends the held deliveries.',
  })
  enabled?: boolean | null
}

/** The webhook that gets a new secret. */
@InputType({ description: 'The webhook that gets a new secret.' })
export class RotateWebhookSecretInput {
  @Field(() => ID, { description: 'The id of the webhook.' })
  webhookId!: string

  @Field(() => Boolean, {
    nullable: true,
    description: `True ends the previous secret at once, for example because it leaked. By default, requests are also signed with it for ${previousSecretHours} hours.`,
  })
  endPrevious?: boolean | null
}

/** The webhook to delete. */
@InputType({ description: 'The webhook to delete.' })
export class DeleteWebhookInput {
  @Field(() => ID, { description: 'The id of the webhook to delete.' })
  webhookId!: string
}

/** The webhook to test. */
@InputType({ description: 'The webhook to test.' })
export class TestWebhookInput {
  @Field(() => ID, { description: 'The id of the webhook to test. It must be enabled.' })
  webhookId!: string
}

/** The delivery to send again. */
@InputType({ description: 'The delivery to send again.' })
export class ReplayWebhookDeliveryInput {
  @Field(() => ID, {
    description: 'The id of the delivery to send again. Its webhook must be enabled.',
  })
  deliveryId!: string
}

const CreateWebhookError = createUnionType({
  name: 'CreateWebhookError',
  description: 'Why a webhook was not added.',
  types: () => [InvalidField, TooManyWebhooks] as const,
})

const UpdateWebhookError = createUnionType({
  name: 'UpdateWebhookError',
  description: 'Why a webhook was not changed.',
  types: () => [WebhookNotFound, InvalidField] as const,
})

const TestWebhookError = createUnionType({
  name: 'TestWebhookError',
  description: 'Why no test was sent.',
  types: () => [WebhookNotFound, WebhookDisabled] as const,
})

const ReplayWebhookDeliveryError = createUnionType({
  name: 'ReplayWebhookDeliveryError',
  description: 'Why the delivery was not sent again.',
  types: () => [WebhookDeliveryNotFound, WebhookDisabled] as const,
})

const secretDescription =
  'The secret that signs the webhook’s requests: whsec_ and 256 bits in base64. It is never returned again. Null if the mutation failed.'

/** The outcome of adding a webhook. */
@ObjectType({ description: 'The outcome of adding a webhook.' })
export class CreateWebhookPayload {
  @Field(() => Webhook, { nullable: true, description: 'The webhook; null if it was not added.' })
  webhook: Webhook | null = null

  @Field(() => String, { nullable: true, description: secretDescription })
  secret: string | null = null

  @Field(() => [CreateWebhookError], {
    description: 'Why the webhook was not added; empty if it was.',
  })
  errors: (typeof CreateWebhookError)[] = []
}

/** The outcome of changing a webhook. */
@ObjectType({ description: 'The outcome of changing a webhook.' })
export class UpdateWebhookPayload {
  @Field(() => Webhook, {
    nullable: true,
    description: 'The changed webhook; null if it was not changed.',
  })
  webhook: Webhook | null = null

  @Field(() => [UpdateWebhookError], {
    description: 'Why the webhook was not changed; empty if it was.',
  })
  errors: (typeof UpdateWebhookError)[] = []
}

/** The outcome of giving a webhook a new secret. */
@ObjectType({ description: 'The outcome of giving a webhook a new secret.' })
export class RotateWebhookSecretPayload {
  @Field(() => Webhook, {
    nullable: true,
    description: 'The webhook; null if it did not get a new secret.',
  })
  webhook: Webhook | null = null

  @Field(() => String, { nullable: true, description: secretDescription })
  secret: string | null = null

  @Field(() => [WebhookNotFound], {
    description: 'Why the webhook did not get a new secret; empty if it did.',
  })
  errors: WebhookNotFound[] = []
}

/** The outcome of deleting a webhook. */
@ObjectType({ description: 'The outcome of deleting a webhook.' })
export class DeleteWebhookPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the deleted webhook; null if nothing was deleted.',
  })
  deletedWebhookId: string | null = null

  @Field(() => [WebhookNotFound], {
    description: 'Why the webhook was not deleted; empty if it was.',
  })
  errors: WebhookNotFound[] = []
}

/** The outcome of testing a webhook. */
@ObjectType({ description: 'The outcome of testing a webhook.' })
export class TestWebhookPayload {
  @Field(() => WebhookDelivery, {
    nullable: true,
    description:
      'The queued test; query webhookDelivery for its outcome. Null if no test was queued.',
  })
  delivery: WebhookDelivery | null = null

  @Field(() => [TestWebhookError], { description: 'Why no test was queued; empty if one was.' })
  errors: (typeof TestWebhookError)[] = []
}

/** The outcome of sending a delivery again. */
@ObjectType({ description: 'The outcome of sending a delivery again.' })
export class ReplayWebhookDeliveryPayload {
  @Field(() => WebhookDelivery, {
    nullable: true,
    description: 'The delivery, now pending; null if it was not queued.',
  })
  delivery: WebhookDelivery | null = null

  @Field(() => [ReplayWebhookDeliveryError], {
    description: 'Why the delivery was not queued; empty if it was.',
  })
  errors: (typeof ReplayWebhookDeliveryError)[] = []
}
