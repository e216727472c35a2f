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
import {
  type WebhookDisabledReason,
  type WebhookEntity,
  webhookDisabledReasons,
} from './webhook.entity.js'
import { type DeliveredEvent, mostWebhooks, previousSecretHours } from './webhook.service.js'
import type { WebhookAttemptEntity } from './webhook-attempt.entity.js'
import { type WebhookDeliveryStatus, webhookDeliveryStatuses } from './webhook-delivery.entity.js'
import { bodyOf } from './webhook-event.js'
import { type SendFailure, sendFailures } from './webhook-sender.js'

const enumOf = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map(value => [value, value])) as { [Key in Value]: Key }

/** Reasons as an enum of the schema. */
const WebhookDisabledReasonEnum = enumOf<WebhookDisabledReason>(webhookDisabledReasons)

registerEnumType(WebhookDisabledReasonEnum, {
  name: 'WebhookDisabledReason',
  description: 'Why a webhook is disabled.',
  valuesConfig: {
    BY_USER: { description: 'Someone disabled it.' },
    GONE: { description: 'The receiver answered 410 Gone. Who added it was told by mail.' },
    FAILING: {
      description:
        'An event was given up, and no attempt has come through for three days. Who added it was told by mail.',
    },
  },
})

/** Statuses as an enum of the schema. */
const WebhookDeliveryStatusEnum = enumOf<WebhookDeliveryStatus>(webhookDeliveryStatuses)

registerEnumType(WebhookDeliveryStatusEnum, {
  name: 'WebhookDeliveryStatus',
  description: 'How far a delivery is.',
  valuesConfig: {
    PENDING: {
      description:
        'It is still to be sent, or to be sent again; held while its webhook is disabled.',
    },
    DELIVERED: { description: 'The receiver answered with a 2xx.' },
    FAILED: {
      description: 'It was given up: 11 attempts over two days, a test’s only one, or a 410.',
    },
  },
})

/** Failures as an enum of the schema. */
const WebhookFailureEnum = enumOf<SendFailure>(sendFailures)

registerEnumType(WebhookFailureEnum, {
  name: 'WebhookFailure',
  description: 'Why there was no answer.',
  valuesConfig: {
    ADDRESS_REFUSED: {
      description:
        'The host leads to an address that is not of the public internet. Nothing was sent.',
    },
    HOST_NOT_FOUND: { description: 'The name of the host was not found.' },
    CONNECTION_FAILED: { description: 'The connection was refused, or broke off.' },
    CERTIFICATE_REFUSED: { description: 'The receiver’s certificate is not to be trusted.' },
    TIMED_OUT: { description: 'There was no answer in time.' },
    SECRET_UNREADABLE: {
      description:
        'Nothing was sent: the webhook’s secret can’t be read, as the secrets key was lost or replaced. Rotate the secret.',
    },
  },
})

/** A type of event, for those who choose. */
@ObjectType({ description: 'Something that webhooks can be told of.' })
export class WebhookEventType {
  @Field(() => String, { description: 'Its name, such as user.blocked.' })
  name!: string

  @Field(() => String, { description: 'When it is sent.' })
  description!: string
}

/** Where what happens is told. */
@ObjectType({
  description:
    'Where what happens is told, by signed HTTP requests (Standard Webhooks). docs/webhooks.md tells how to receive them.',
})
export class Webhook {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => String, { description: 'Where requests are sent.' })
  url: string

  @Field(() => String, { description: 'What it is for; may be empty.' })
  description: string

  @Field(() => [String], { description: 'What it is told of; names of webhookEventTypes.' })
  events: readonly string[]

  @Field(() => Boolean, { description: 'Whether it is told anything now.' })
  enabled: boolean

  @Field(() => WebhookDisabledReasonEnum, {
    nullable: true,
    description: 'Why it is disabled; null while it is enabled.',
  })
  disabledReason: WebhookDisabledReason | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Since when it is disabled; null while it is enabled.',
  })
  disabledAt: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Since when every attempt has failed; null when the last one did not.',
  })
  failingSince: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Until when it is signed with its previous secret as well; null when it is not.',
  })
  previousSecretExpiresAt: Date | null

  @Field(() => GraphQLDateTimeISO, { description: 'When it was added.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When someone last changed it.' })
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

/** One request. */
@ObjectType({ description: 'One request that was sent, or was to be sent.' })
export class WebhookAttempt {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => GraphQLDateTimeISO, { description: 'When; its webhook-timestamp, to the second.' })
  at: Date

  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  durationMs: number

  @Field(() => Int, {
    nullable: true,
    description: 'Status of the answer, such as 204; null when there was none.',
  })
  status: number | null

  @Field(() => WebhookFailureEnum, {
    nullable: true,
    description: 'Why there was no answer; null when there was one.',
  })
  failure: SendFailure | null

  @Field(() => String, {
    nullable: true,
    description:
      'The beginning of the answer’s body, at most 1,000 characters; null when there was no answer, or it was erased with the user it may name.',
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

/** An event on its way to a webhook. */
@ObjectType({ description: 'An event that is to reach a webhook, or did. Kept for 30 days.' })
export class WebhookDelivery {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => ID, { description: 'To which webhook.' })
  webhookId: string

  @Field(() => ID, { description: 'Of the event; its webhook-id, the same at every attempt.' })
  eventId: string

  @Field(() => String, { description: 'What happened, such as user.blocked; or webhook.test.' })
  type: string

  @Field(() => String, {
    description: 'What is sent, as JSON. The login is missing once its user was deleted.',
  })
  body: string

  @Field(() => WebhookDeliveryStatusEnum, { description: 'How far it is.' })
  status: WebhookDeliveryStatus

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'When it is tried next; null when it is not, or not before the webhook is enabled.',
  })
  nextAttemptAt: Date | null

  @Field(() => GraphQLDateTimeISO, { description: 'When it happened.' })
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

/** A webhook with its place in a list. */
@ObjectType({ description: 'A webhook with its place in a list.' })
class WebhookEdge {
  @Field(() => String, { description: 'The place of this webhook, to page on from.' })
  cursor!: string

  @Field(() => Webhook, { description: 'The webhook.' })
  node!: Webhook
}

/** One page of webhooks. */
@ObjectType({
  description: 'One page of webhooks, oldest first (Relay Cursor Connections Specification).',
})
export class WebhookConnection {
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<WebhookEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [WebhookEdge], { description: 'The webhooks with their places.' })
  edges(): WebhookEdge[] {
    return this.page.rows.map(row => ({ cursor: this.page.cursorOf(row), node: new Webhook(row) }))
  }

  @Field(() => [Webhook], { description: 'The webhooks alone, for those who need no cursors.' })
  nodes(): Webhook[] {
    return this.page.rows.map(row => new Webhook(row))
  }

  @Field(() => Int, { description: 'How many webhooks there are, on all pages together.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** Arguments of the list of deliveries. */
@ArgsType()
export class WebhookDeliveriesArgs extends PageArgs {
  @Field(() => [WebhookDeliveryStatusEnum], {
    nullable: true,
    description: 'Only those that are so far; an empty list does not narrow.',
  })
  statuses?: WebhookDeliveryStatus[] | null
}

/** A delivery with its place in a list. */
@ObjectType({ description: 'A delivery with its place in a list.' })
class WebhookDeliveryEdge {
  @Field(() => String, { description: 'The place of this delivery, to page on from.' })
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
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<DeliveredEvent>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [WebhookDeliveryEdge], { description: 'The deliveries with their places.' })
  edges(): WebhookDeliveryEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new WebhookDelivery(row),
    }))
  }

  @Field(() => [WebhookDelivery], {
    description: 'The deliveries alone, for those who need no cursors.',
  })
  nodes(): WebhookDelivery[] {
    return this.page.rows.map(row => new WebhookDelivery(row))
  }

  @Field(() => Int, { description: 'How many deliveries there are, on all pages together.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** No such webhook. */
@ObjectType({ implements: UserError, description: 'There is no such webhook, or no longer.' })
export class WebhookNotFound extends UserError {
  constructor() {
    super('There is no such webhook.', ['webhookId'])
  }
}

/** No such delivery. */
@ObjectType({
  implements: UserError,
  description: 'There is no such delivery, or no longer: they are kept for 30 days.',
})
export class WebhookDeliveryNotFound extends UserError {
  constructor() {
    super('There is no such delivery. They are kept for 30 days.', ['deliveryId'])
  }
}

/** Nothing is sent to it. */
@ObjectType({
  implements: UserError,
  description: 'The webhook is disabled: nothing is sent to it.',
})
export class WebhookDisabled extends UserError {
  constructor(path: string[]) {
    super('The webhook is disabled. Enable it first.', path)
  }
}

/** There are as many as there may be. */
@ObjectType({
  implements: UserError,
  description: `There are ${mostWebhooks} webhooks already, and there can’t be more.`,
})
export class TooManyWebhooks extends UserError {
  constructor() {
    super(`There can’t be more than ${mostWebhooks} webhooks.`, [])
  }
}

const urlDescription =
  'Where requests are sent: https, a host of the public internet, port 443 or 1024 and above, at most 2,000 characters, without user, password and fragment. WEBHOOKS_ALLOW_PRIVATE allows http, and any host and port.'
const eventsDescription = 'What it is told of: names of webhookEventTypes, at least one.'
const descriptionDescription = 'What it is for, at most 200 characters.'

/** The webhook to be added. */
@InputType({ description: 'The webhook to be added.' })
export class CreateWebhookInput {
  @MaxLength(4_000)
  @Field(() => String, { description: urlDescription })
  url!: string

  @MaxLength(2_000)
  @Field(() => String, {
    nullable: true,
    description: `${descriptionDescription} Empty when left out.`,
  })
  description?: string | null

  @MaxLength(100)
  @Field(() => [String], { description: eventsDescription })
  events!: string[]
}

/** What to change of a webhook. */
@InputType({ description: 'What to change of a webhook; what is left out stays as it is.' })
export class UpdateWebhookInput {
  @Field(() => ID, { description: 'Which.' })
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
      'false disables it: nothing is sent or kept for it from then on, and what was still to be delivered is held. true enables it, and sends what was held.',
  })
  enabled?: boolean | null
}

/** Which webhook gets a new secret. */
@InputType({ description: 'Which webhook gets a new secret.' })
export class RotateWebhookSecretInput {
  @Field(() => ID, { description: 'Which.' })
  webhookId!: string

  @Field(() => Boolean, {
    nullable: true,
    description: `true ends the previous secret at once, such as when it leaked; else it is signed with as well for ${previousSecretHours} hours.`,
  })
  endPrevious?: boolean | null
}

/** Which webhook to delete. */
@InputType({ description: 'Which webhook to delete.' })
export class DeleteWebhookInput {
  @Field(() => ID, { description: 'Which.' })
  webhookId!: string
}

/** Which webhook to test. */
@InputType({ description: 'Which webhook to test.' })
export class TestWebhookInput {
  @Field(() => ID, { description: 'Which; it has to be enabled.' })
  webhookId!: string
}

/** Which delivery to send again. */
@InputType({ description: 'Which delivery to send once more.' })
export class ReplayWebhookDeliveryInput {
  @Field(() => ID, { description: 'Which; its webhook has to be enabled.' })
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
  description: 'Why nothing was sent once more.',
  types: () => [WebhookDeliveryNotFound, WebhookDisabled] as const,
})

const secretDescription =
  'What its requests are signed with, whsec_ and 256 bits in base64. Told this once; null when refused.'

/** The outcome of adding a webhook. */
@ObjectType({ description: 'The outcome of adding a webhook.' })
export class CreateWebhookPayload {
  @Field(() => Webhook, { nullable: true, description: 'The webhook; null when refused.' })
  webhook: Webhook | null = null

  @Field(() => String, { nullable: true, description: secretDescription })
  secret: string | null = null

  @Field(() => [CreateWebhookError], { description: 'Empty when it was added.' })
  errors: (typeof CreateWebhookError)[] = []
}

/** The outcome of changing a webhook. */
@ObjectType({ description: 'The outcome of changing a webhook.' })
export class UpdateWebhookPayload {
  @Field(() => Webhook, {
    nullable: true,
    description: 'The webhook as it is now; null when refused.',
  })
  webhook: Webhook | null = null

  @Field(() => [UpdateWebhookError], { description: 'Empty when it was changed.' })
  errors: (typeof UpdateWebhookError)[] = []
}

/** The outcome of giving a webhook a new secret. */
@ObjectType({ description: 'The outcome of giving a webhook a new secret.' })
export class RotateWebhookSecretPayload {
  @Field(() => Webhook, {
    nullable: true,
    description: 'The webhook as it is now; null when refused.',
  })
  webhook: Webhook | null = null

  @Field(() => String, { nullable: true, description: secretDescription })
  secret: string | null = null

  @Field(() => [WebhookNotFound], { description: 'Empty when it has a new secret.' })
  errors: WebhookNotFound[] = []
}

/** The outcome of deleting a webhook. */
@ObjectType({ description: 'The outcome of deleting a webhook.' })
export class DeleteWebhookPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id that now stands for nothing; null when refused.',
  })
  deletedWebhookId: string | null = null

  @Field(() => [WebhookNotFound], { description: 'Empty when it was deleted.' })
  errors: WebhookNotFound[] = []
}

/** The outcome of testing a webhook. */
@ObjectType({ description: 'The outcome of testing a webhook.' })
export class TestWebhookPayload {
  @Field(() => WebhookDelivery, {
    nullable: true,
    description: 'The test on its way; ask again what became of it. Null when refused.',
  })
  delivery: WebhookDelivery | null = null

  @Field(() => [TestWebhookError], { description: 'Empty when it is on its way.' })
  errors: (typeof TestWebhookError)[] = []
}

/** The outcome of sending something once more. */
@ObjectType({ description: 'The outcome of sending something once more.' })
export class ReplayWebhookDeliveryPayload {
  @Field(() => WebhookDelivery, {
    nullable: true,
    description: 'The delivery, pending again; null when refused.',
  })
  delivery: WebhookDelivery | null = null

  @Field(() => [ReplayWebhookDeliveryError], { description: 'Empty when it is on its way.' })
  errors: (typeof ReplayWebhookDeliveryError)[] = []
}
