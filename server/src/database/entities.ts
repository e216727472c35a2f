import { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import { AllowedAddressEntity } from '../ip-authorization/allowed-address.entity.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { PasswordHistoryEntity } from '../passwords/password-history.entity.js'
import { PasswordResetRequestEntity } from '../passwords/password-reset-request.entity.js'
import { RecoveryCodeEntity } from '../second-factor/recovery-code.entity.js'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { SecondFactorEnrolmentEntity } from '../second-factor/second-factor-enrolment.entity.js'
import { SignInChallengeEntity } from '../second-factor/sign-in-challenge.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { AccountSettingEntity } from '../settings/account-setting.entity.js'
import { SignInNetworkEntity } from '../sign-in-notices/sign-in-network.entity.js'
import { ServerSecretEntity } from '../throttle/server-secret.entity.js'
import { ThrottleEntity } from '../throttle/throttle.entity.js'
import { TrustedDeviceEntity } from '../trusted-devices/trusted-device.entity.js'
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
  AccountSettingEntity,
  SecondFactorEntity,
  SecondFactorEnrolmentEntity,
  RecoveryCodeEntity,
  SignInChallengeEntity,
  TrustedDeviceEntity,
  AllowedAddressEntity,
  SignInNetworkEntity,
  WebhookEntity,
  WebhookEventEntity,
  WebhookDeliveryEntity,
  WebhookAttemptEntity,
  ApiTokenEntity,
]
