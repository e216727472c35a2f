import { hasPermission } from '@rekey/shared/access'
import type { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import {
  isTextPlace,
  type Page,
  type PageArguments,
  readPage,
  type Stretch,
} from '../graphql/keyset-page.js'
import type { OperationEntity } from '../operations/operation.entity.js'
import type { OperationObserver, OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { SessionCaller } from '../users/caller.js'
import { type PasswordDeadline, passwordDeadlineOf } from '../users/password-age.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { concernedUserOf, invitingActions } from './concerned-users.js'
import * as store from './notification.store.js'

/** How many days notifications are shown. */
export const shownDays = 30

/** Where the count of unseen notifications stops. */
export const maxUnseen = 100

// A user can have 50 valid tokens; expired ones are shown for a while too.
const maxApiTokens = 100

/** Something that concerns a user. Exactly one of its three last properties is set. */
export interface Notification {
  /** Ordered by time: a UUIDv7, or a text that begins like one. */
  readonly id: string
  /** Since when it concerns the user. */
  readonly at: Date
  readonly operation?: OperationEntity
  readonly passwordDeadline?: PasswordDeadline
  readonly apiToken?: ApiTokenEntity
}

/** The text that every UUIDv7 of this millisecond begins with. */
const idPrefixOf = (at: Date): string => {
  const digits = at.getTime().toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-`
}

const earliestShown = (): Date => new Date(Date.now() - shownDays * 24 * 60 * 60 * 1000)

/** The user is shown what happened after this time. */
const shownAfter = ({ createdAt }: UserEntity): Date =>
  new Date(Math.max(earliestShown().getTime(), createdAt.getTime()))

/** Whether the id of a notification is in a stretch. */
const isWithin = ({ above, below }: Stretch<string>, id: string): boolean =>
  (above === undefined || id > above) && (below === undefined || id < below)

/**
 * Notifies users of what concerns them. Most notifications are operations, which are noted when
 * they happen. An old password and an API token that expires are no operations, and are found when
 * the notifications are read.
 */
export class NotificationService implements OperationObserver {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly apiTokens: ApiTokenService,
    private readonly settings: SettingsService,
  ) {}

  /** Notes which users are notified of these operations. */
  async observe(unit: WritingUnitOfWork, operations: readonly OperationEntity[]): Promise<void> {
    const inviters = await this.findInviters(unit, operations)
    const notifications = operations.flatMap(operation => {
      const userId =
        operation.action === 'ACTIVATE_USER'
          ? inviters.get(operation.subjectId)
          : concernedUserOf(operation)
      return userId == null ? [] : [{ userId, operationId: operation.id }]
    })
    if (notifications.length > 0) await store.insertNotifications(unit, notifications)
  }

  /** A page of the caller's notifications, newest first. @throws BAD_USER_INPUT as `readPage`. */
  async list(caller: SessionCaller, page: PageArguments): Promise<Page<Notification>> {
    const standing = await this.listStanding(caller)
    const shown = idPrefixOf(shownAfter(caller))
    return readPage(page, {
      descending: true,
      order: 'ID',
      placeOf: ({ id }: Notification) => id,
      isPlace: isTextPlace,
      read: async stretch => {
        const isBounded = stretch.above !== undefined && stretch.above > shown
        const bounded = isBounded ? stretch : { ...stretch, above: shown }
        return { rows: await this.readStretch(caller, standing, bounded) }
      },
    })
  }

  /** The number of the caller's unseen notifications, at most {@link maxUnseen}. */
  async countUnseen(caller: SessionCaller): Promise<number> {
    const after = new Date(
      Math.max(shownAfter(caller).getTime(), (caller.notificationsSeenAt?.getTime() ?? -1) + 1),
    )
    const above = idPrefixOf(after)
    const standing = (await this.listStanding(caller)).filter(({ id }) => id > above).length
    const [own, webhooks] = await this.database.read(async unit => [
      await store.countOperationsFor(unit, caller.id, above, maxUnseen),
      hasPermission(caller, 'webhooks.manage')
        ? await store.countDisabledWebhooks(unit, above, maxUnseen)
        : 0,
    ])
    return Math.min(maxUnseen, standing + own + webhooks)
  }

  /**
   * Records that the caller has seen every notification up to a time, but never one of the future.
   * What they had seen before stays seen.
   *
   * @throws as {@link UserService.callerIn}.
   */
  markSeen(caller: SessionCaller, until: Date): Promise<SessionCaller> {
    const seenAt = new Date(Math.min(until.getTime(), Date.now()))
    return this.database.write(async unit => {
      const { notificationsSeenAt: before } = await this.users.callerIn(unit, caller)
      if (before !== null && before >= seenAt) return { ...caller, notificationsSeenAt: before }
      await this.users.noteNotificationsSeen(unit, caller.id, seenAt)
      return { ...caller, notificationsSeenAt: seenAt }
    })
  }

  /** Deletes what is no longer shown. The operations stay. */
  async sweep(): Promise<void> {
    const below = idPrefixOf(earliestShown())
    await this.database.write(unit => store.deleteNotifications(unit, below))
  }

  private async readStretch(
    caller: SessionCaller,
    standing: readonly Notification[],
    stretch: Stretch<string>,
  ): Promise<Notification[]> {
    const operations = await this.database.read(async unit => [
      ...(await store.listOperationsFor(unit, caller.id, stretch)),
      ...(hasPermission(caller, 'webhooks.manage')
        ? await store.listDisabledWebhooks(unit, stretch)
        : []),
    ])
    const found: Notification[] = operations.map(operation => ({
      id: operation.id,
      at: operation.at,
      operation: this.operations.shownTo(caller, operation),
    }))
    const direction = stretch.descending ? -1 : 1
    return [...found, ...standing.filter(({ id }) => isWithin(stretch, id))]
      .sort((one, other) => (one.id < other.id ? -direction : direction))
      .slice(0, stretch.limit)
  }

  /** The notifications that are no operations: a few at most, in no order. */
  private async listStanding(caller: SessionCaller): Promise<Notification[]> {
    const after = shownAfter(caller)
    const deadline = passwordDeadlineOf(caller, await this.settings.readPasswordAge())
    const apiTokens = await this.apiTokens.listExpiring(caller.id, after, maxApiTokens)
    const isDue =
      deadline !== null && deadline.remindFrom <= new Date() && deadline.remindFrom > after
    return [
      ...(isDue
        ? [
            {
              id: `${idPrefixOf(deadline.remindFrom)}password`,
              at: deadline.remindFrom,
              passwordDeadline: deadline,
            },
          ]
        : []),
      ...apiTokens.map(({ apiToken, since }) => ({
        id: `${idPrefixOf(since)}${apiToken.id}`,
        at: since,
        apiToken,
      })),
    ]
  }

  /** Who last invited the users that these operations activate, unless they activated them. */
  private async findInviters(
    unit: WritingUnitOfWork,
    operations: readonly OperationEntity[],
  ): Promise<ReadonlyMap<string | null, string>> {
    const activations = operations.filter(({ action }) => action === 'ACTIVATE_USER')
    if (activations.length === 0) return new Map()
    const activatedIds = activations.flatMap(({ subjectId }) => subjectId ?? [])
    const inviterIds = await this.operations.lastActorsOf(unit, invitingActions, activatedIds)
    const candidates = activations.flatMap(({ actorId, subjectId }) => {
      const inviterId = subjectId === null ? null : inviterIds.get(subjectId)
      return inviterId == null || inviterId === actorId ? [] : [[subjectId, inviterId] as const]
    })
    // An inviter may have been deleted.
    const present = await this.users.findManyIn(unit, [...new Set(candidates.map(([, id]) => id))])
    const presentIds = new Set(present.map(({ id }) => id))
    return new Map(candidates.filter(([, id]) => presentIds.has(id)))
  }
}
