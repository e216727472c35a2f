import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ApiToken } from '../api-tokens/api-token.type.js'
import type { Page } from '../graphql/keyset-page.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { UserError } from '../graphql/user-error.type.js'
import { Operation } from '../operations/operation.type.js'
import { PasswordDeadlineType } from '../password-age/password-age.type.js'
import type { SessionCaller } from '../users/caller.js'
import { userOf } from '../users/user.type.js'
import { maxUnseen, type Notification as NotificationRow } from './notification.service.js'

/** Something that concerns the caller. */
@ObjectType({
  description:
    'Something that concerns the caller. Exactly one of operation, passwordDeadline and apiToken is not null.',
  simpleResolvers: true,
})
export class Notification {
  @Field(() => ID, { description: 'An opaque, stable identifier.' })
  id: string

  @Field(() => GraphQLDateTimeISO, {
    description:
      'Since when it concerns the caller: the time of the operation, or when the reminder began.',
  })
  at: Date

  @Field(() => Boolean, {
    description: 'Whether the caller has seen it: see markNotificationsSeen.',
  })
  seen: boolean

  @Field(() => Operation, {
    nullable: true,
    description:
      'The operation that concerns the caller, such as a sign-in from a new browser, a change that someone else made to their profile, or the activation of a user whom they invited. Callers with webhooks.manage are also notified if the server disables a webhook.',
  })
  operation: Operation | null

  @Field(() => PasswordDeadlineType, {
    nullable: true,
    description: 'The deadline of the caller’s password, from User.passwordDeadline.remindFrom on.',
  })
  passwordDeadline: PasswordDeadlineType | null

  @Field(() => ApiToken, {
    nullable: true,
    description: 'An API token of the caller that expires within seven days, or has expired.',
  })
  apiToken: ApiToken | null

  constructor(row: NotificationRow, caller: SessionCaller) {
    this.id = row.id
    this.at = row.at
    this.seen = caller.notificationsSeenAt !== null && row.at <= caller.notificationsSeenAt
    this.operation = row.operation ? new Operation(row.operation) : null
    this.passwordDeadline = row.passwordDeadline
      ? new PasswordDeadlineType(row.passwordDeadline)
      : null
    this.apiToken = row.apiToken ? new ApiToken(row.apiToken, userOf(caller)) : null
  }
}

/** Arguments of the list of notifications. */
@ArgsType()
export class NotificationsArgs extends PageArgs {}

/** A notification and its cursor. */
@ObjectType({ description: 'A notification and its cursor in a list.' })
class NotificationEdge {
  @Field(() => String, {
    description: 'The cursor of this notification, to continue the list from.',
  })
  cursor!: string

  @Field(() => Notification, { description: 'The notification.' })
  node!: Notification
}

/** One page of notifications. */
@ObjectType({
  description:
    'One page of the caller’s notifications, newest first (Relay Cursor Connections Specification).',
})
export class NotificationConnection {
  @Field(() => PageInfo, {
    description:
      'Whether there are pages before and after this one, and the cursors to request them.',
  })
  pageInfo: PageInfo

  constructor(
    private readonly page: Page<NotificationRow>,
    private readonly caller: SessionCaller,
  ) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [NotificationEdge], { description: 'The notifications with their cursors.' })
  edges(): NotificationEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new Notification(row, this.caller),
    }))
  }

  @Field(() => [Notification], { description: 'The notifications without cursors.' })
  nodes(): Notification[] {
    return this.page.rows.map(row => new Notification(row, this.caller))
  }
}

/** Which notifications the caller has seen. */
@InputType({ description: 'Which notifications the caller has seen.' })
export class MarkNotificationsSeenInput {
  @Field(() => GraphQLDateTimeISO, {
    description:
      'The time of the newest notification that the caller has seen. Later ones stay unseen. A time in the future counts as now.',
  })
  until!: Date
}

/** The result of marking notifications as seen. */
@ObjectType({ description: 'The result of marking notifications as seen.' })
export class MarkNotificationsSeenPayload {
  @Field(() => Int, {
    description: `The number of notifications that are still unseen, at most ${maxUnseen}.`,
  })
  unseenNotificationCount!: number

  @Field(() => [UserError], { description: 'Always empty, because this never fails.' })
  errors: UserError[] = []
}
