import { Readable } from 'node:stream'
import { permissionsOf } from '@rekey/shared/access'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { BulkJobService } from '../bulk-jobs/bulk-job.service.js'
import type { MailService } from '../mail/mail.service.js'
import { type OneTimeLinkService, statusOf } from '../one-time-links/one-time-link.service.js'
import type { OperationEntity } from '../operations/operation.entity.js'
import type { OperationService } from '../operations/operation.service.js'
import type { OwnDeletionEntity } from '../own-deletion/own-deletion.entity.js'
import type { OwnDeletionService } from '../own-deletion/own-deletion.service.js'
import type { PasswordService } from '../passwords/password.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { SignInNetworkService } from '../sign-in-networks/sign-in-network.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { metadataOf } from '../users/user-fields.js'
import { fullNameOf, pseudonymOf } from '../users/user-keys.js'
import type { WebhookOutbox } from '../webhooks/webhook-outbox.service.js'

/** Columns of a user that are in other parts of the document. */
type ElsewhereInDocument =
  | 'role'
  | 'grantedPermissions'
  | 'withdrawnPermissions'
  | 'passwordChangedAt'
  | 'mustChangePassword'
  | 'passwordTemporary'
  | 'passwordExpiresAt'
  | 'passwordRemindedAt'

/** Columns of a user that are not in the document: a hash, and what follows from other data in it. */
type NotInDocument =
  | 'passwordHash'
  | 'loginKey'
  | 'takenLoginKey'
  | 'nameKey'
  | 'searchText'
  | 'hasSecondFactor'

/** All other columns of a user, so that nobody forgets a new one. */
type Profile = Record<Exclude<keyof UserEntity, ElsewhereInDocument | NotInDocument>, unknown>

/** The features whose data a user can download. */
export interface MyDataSources {
  readonly users: UserService
  readonly sessions: SessionService
  readonly links: OneTimeLinkService
  readonly mail: MailService
  readonly passwords: PasswordService
  readonly secondFactors: SecondFactorService
  readonly trustedDevices: TrustedDeviceService
  readonly apiTokens: ApiTokenService
  readonly signInNetworks: SignInNetworkService
  readonly ownDeletions: OwnDeletionService
  readonly bulkJobs: BulkJobService
  readonly operations: OperationService
  readonly webhookOutbox: WebhookOutbox
}

/**
 * Collects all data that is stored about a user, for them to download (GDPR, articles 15 and 20).
 * It leaves out hashes and tokens: they are useless to the user and useful to a thief. It also
 * leaves out data about other people, except the names of those who did something to the user.
 */
export class MyDataService {
  constructor(private readonly sources: MyDataSources) {}

  /** A document in which long lists are streams, so that their length does not matter. */
  async gather(user: UserEntity): Promise<Record<string, unknown>> {
    const [
      sessions,
      links,
      mails,
      replacements,
      secondStep,
      devices,
      apiTokens,
      networks,
      bulkJobs,
      deletions,
    ] = await Promise.all([
      this.sources.sessions.listAllOf(user.id),
      this.sources.links.listOf(user.id),
      this.sources.mail.listUndelivered(user.login),
      this.sources.passwords.listReplacements(user.id),
      this.sources.secondFactors.listAllOf(user.id),
      this.sources.trustedDevices.listAllOf(user.id),
      this.sources.apiTokens.listAllOf(user.id),
      this.sources.signInNetworks.listOf(user.id),
      this.sources.bulkJobs.listAllOf(user.id),
      this.sources.ownDeletions.findRequests([user.id]),
    ])
    return {
      gatheredAt: new Date(),
      profile: {
        id: user.id,
        login: user.login,
        firstName: user.firstName,
        lastName: user.lastName,
        phone: user.phone,
        externalId: user.externalId,
        metadata: metadataOf(user),
        language: user.language,
        status: user.status,
        loginVerifiedAt: user.loginVerifiedAt,
        loginChangedAt: user.loginChangedAt,
        formerLogin: user.formerLogin,
        lastSignInAt: user.lastSignInAt,
        notificationsSeenAt: user.notificationsSeenAt,
        createdAt: user.createdAt,
        updatedAt: user.updatedAt,
        version: user.version,
      } satisfies Profile,
      access: {
        role: user.role,
        grantedPermissions: user.grantedPermissions,
        withdrawnPermissions: user.withdrawnPermissions,
        permissions: permissionsOf(user),
      },
      requestedDeletion: deletionOf(deletions.get(user.id)),
      password: {
        changedAt: user.passwordChangedAt,
        mustChange: user.mustChangePassword,
        temporary: user.passwordTemporary,
        expiresAt: user.passwordExpiresAt,
        remindedAt: user.passwordRemindedAt,
        // A hash of each is stored, so that it cannot be used again.
        earlierOnesReplacedAt: replacements,
      },
      sessions: sessions.map(
        ({ id, ip, userAgent, createdAt, lastSeenAt, expiresAt, endReason }) => ({
          id,
          ip,
          userAgent,
          createdAt,
          lastSeenAt,
          expiresAt,
          endReason,
        }),
      ),
      secondFactors: secondStep.factors.map(
        // Without the secret, the public key and the identifier of the credential.
        ({ id, method, name, phone, transports, aaguid, createdAt, lastUsedAt }) => ({
          id,
          method,
          name,
          phone,
          transports,
          aaguid,
          createdAt,
          lastUsedAt,
        }),
      ),
      recoveryCodes: {
        left: secondStep.recoveryCodes.filter(({ usedAt }) => usedAt === null).length,
        usedAt: secondStep.recoveryCodes.flatMap(({ usedAt }) => usedAt ?? []),
      },
      secondFactorsBegun: secondStep.enrolments.map(({ method, phone, createdAt, expiresAt }) => ({
        method,
        phone,
        createdAt,
        expiresAt,
      })),
      secondSteps: secondStep.challenges.map(
        ({ purpose, attempts, createdAt, expiresAt, usedAt }) => ({
          purpose,
          attempts,
          createdAt,
          expiresAt,
          usedAt,
        }),
      ),
      trustedDevices: devices.map(({ id, ip, userAgent, createdAt, lastUsedAt, expiresAt }) => ({
        id,
        ip,
        userAgent,
        createdAt,
        lastUsedAt,
        expiresAt,
      })),
      apiTokens: apiTokens.map(
        ({
          id,
          name,
          prefix,
          permissions,
          createdAt,
          expiresAt,
          lastUsedAt,
          lastUsedIp,
          suspendedAt,
        }) => ({
          id,
          name,
          prefix,
          permissions,
          createdAt,
          expiresAt,
          lastUsedAt,
          lastUsedIp,
          suspendedAt,
        }),
      ),
      networks: networks.map(({ network, lastSeenAt }) => ({ network, lastSeenAt })),
      // Without their users: operationsByYou has what was done to each of them.
      bulkJobs: bulkJobs.map(({ starterId: _, ...job }) => job),
      links: links.map(link => ({
        purpose: link.purpose,
        sentToLogin: link.sentToLogin,
        createdAt: link.createdAt,
        expiresAt: link.expiresAt,
        status: statusOf(link),
      })),
      // Without their bodies, which may contain a link that must stay secret.
      mailsOnTheirWay: mails
        .filter(({ state }) => state === 'WAITING')
        .map(({ subject, createdAt }) => ({ subject, createdAt })),
      mailsNotDelivered: mails
        .filter(({ state }) => state !== 'WAITING')
        .map(({ subject, createdAt, failure, endedAt }) => ({
          subject,
          createdAt,
          failure,
          endedAt,
        })),
      operationsByYou: Readable.from(this.operationsBy(user)),
      operationsOnYou: Readable.from(this.operationsOn(user)),
      // The webhook deliveries about the user that are stored, for 30 days.
      sentToWebhooks: Readable.from(this.webhookEventsOn(user)),
    }
  }

  private async *operationsBy(user: UserEntity) {
    for await (const batch of this.sources.operations.readOwn(user, 'actorId')) {
      for (const operation of batch) {
        const { ip, userAgent, apiTokenPrefix } = operation
        const onYou = operation.subjectId === user.id
        yield { ...fieldsOf(operation), onYou, ip, userAgent, apiTokenPrefix }
      }
    }
  }

  private async *webhookEventsOn(user: UserEntity) {
    for await (const events of this.sources.webhookOutbox.readEventsOn(user.id)) {
      for (const { type, at, login } of events) yield { type, at, login }
    }
  }

  private async *operationsOn(user: UserEntity) {
    for await (const batch of this.sources.operations.readOwn(user, 'subjectId')) {
      const byOthers = batch.filter(({ actorId }) => actorId !== user.id)
      const ids = new Set(byOthers.flatMap(({ actorId }) => actorId ?? []))
      const names = new Map(
        (await this.sources.users.findMany([...ids])).map(actor => [actor.id, fullNameOf(actor)]),
      )
      for (const operation of byOthers) {
        const { actorId, ip, userAgent } = operation
        // The network and browser of other people are their data, not the user's.
        const place = actorId === null ? { ip, userAgent } : {}
        const actorName = actorId === null ? null : (names.get(actorId) ?? pseudonymOf(actorId))
        yield { ...fieldsOf(operation), actorName, ...place }
      }
    }
  }
}

const deletionOf = (request: OwnDeletionEntity | undefined) =>
  request === undefined ? null : { requestedAt: request.requestedAt, dueAt: request.dueAt }

const fieldsOf = ({ number, at, action, outcome, reason, changes }: OperationEntity) => ({
  number,
  at,
  action,
  outcome,
  reason,
  changes,
})
