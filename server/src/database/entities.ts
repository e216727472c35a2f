import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { PasswordHistoryEntity } from '../passwords/password-history.entity.js'
import { PasswordResetRequestEntity } from '../passwords/password-reset-request.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { ServerSecretEntity } from '../throttle/server-secret.entity.js'
import { ThrottleEntity } from '../throttle/throttle.entity.js'
import { UserEntity } from '../users/user.entity.js'
import { WebhookEntity } from '../webhooks/webhook.entity.js'
import { WebhookAttemptEntity } from '../webhooks/webhook-attempt.entity.js'
import { WebhookDeliveryEntity } from '../webhooks/webhook-delivery.entity.js'
import { WebhookEventEntity } from '../webhooks/webhook-event.entity.js'

/** Every table the database knows. */
export const entities = [
  UserEntity,
  SessionEntity,
  OperationEntity,
  PasswordHistoryEntity,
  PasswordResetRequestEntity,
  OneTimeLinkEntity,
  ThrottleEntity,
  OutboxMailEntity,
  ServerSecretEntity,
  WebhookEntity,
  WebhookEventEntity,
  WebhookDeliveryEntity,
  WebhookAttemptEntity,
]
