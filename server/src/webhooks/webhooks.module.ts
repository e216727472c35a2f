import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { OperationService } from '../operations/operation.service.js'
import { sealedColumn } from '../secrets/sealed-data.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { UserService } from '../users/user.service.js'
import { RefusedSignInService } from './refused-sign-in.service.js'
import { RefusedSignInSumEntity } from './refused-sign-in-sum.entity.js'
import { WebhookEntity } from './webhook.entity.js'
import { WebhookDeliveryResolver, WebhookResolver } from './webhook.resolver.js'
import { WebhookService } from './webhook.service.js'
import { Webhook, WebhookDelivery } from './webhook.type.js'
import { WebhookAttemptEntity } from './webhook-attempt.entity.js'
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js'
import { WebhookEventEntity } from './webhook-event.entity.js'
import { secretOf, WebhookOutbox } from './webhook-outbox.service.js'
import { WebhookSender } from './webhook-sender.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly secrets: SecretBox
  readonly mail: MailService
  readonly operations: OperationService
  readonly guard: AccessGuard
  readonly users: UserService
}

/** Sends events to other systems. */
export const webhooksModule = {
  entities: [
    WebhookEntity,
    WebhookEventEntity,
    WebhookDeliveryEntity,
    WebhookAttemptEntity,
    RefusedSignInSumEntity,
  ],
  sealed: [
    sealedColumn(WebhookEntity, 'secret', ({ id }) => secretOf(id)),
    sealedColumn(WebhookEntity, 'previousSecret', ({ id }) => secretOf(id)),
  ],
  create: ({ config, database, secrets, mail, operations, guard, users }: Needs) => {
    const webhookOutbox = new WebhookOutbox(
      database,
      users,
      operations,
      secrets,
      mail,
      new WebhookSender(config.webhooks),
      config.webhooks,
      config.publicUrl,
    )
    operations.addObserver(webhookOutbox)
    const webhooks = new WebhookService(
      database,
      guard,
      operations,
      secrets,
      webhookOutbox,
      config.webhooks,
    )
    const refusedSignIns = new RefusedSignInService(database, users, operations, webhookOutbox)
    return {
      services: { webhookOutbox, webhooks, refusedSignIns },
      resolvers: [new WebhookResolver(webhooks, users), new WebhookDeliveryResolver(webhooks)],
      nodes: [
        {
          type: Webhook,
          permission: 'webhooks.manage',
          find: async (ids, caller) =>
            (await webhooks.findMany(caller, ids)).map(found => new Webhook(found)),
        },
        {
          type: WebhookDelivery,
          permission: 'webhooks.manage',
          find: async (ids, caller) =>
            (await webhooks.findDeliveries(caller, ids)).map(found => new WebhookDelivery(found)),
        },
      ] satisfies NodeSource[],
      jobs: [
        { work: webhookOutbox, failureMessage: 'a webhook delivery failed; it will be retried' },
        {
          work: refusedSignIns,
          failureMessage: 'refused sign-ins could not be summed up for webhooks; will retry',
        },
      ],
      sweeps: [() => webhookOutbox.sweep()],
    }
  },
}
