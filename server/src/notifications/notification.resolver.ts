import { Arg, Args, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql'
import { SessionOnly, SignedIn, sessionOnlyDescription } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import { maxUnseen, type NotificationService, shownDays } from './notification.service.js'
import {
  MarkNotificationsSeenInput,
  MarkNotificationsSeenPayload,
  NotificationConnection,
  NotificationsArgs,
} from './notification.type.js'

/** What concerned the caller since they last looked. */
@Resolver()
export class NotificationResolver {
  constructor(private readonly service: NotificationService) {}

  @Query(() => NotificationConnection, {
    description: `A page of the caller’s own notifications of the last ${shownDays} days, newest first. ${sessionOnlyDescription}`,
  })
  async notifications(
    @Args(() => NotificationsArgs) args: NotificationsArgs,
    @Ctx() context: Context,
  ): Promise<NotificationConnection> {
    const caller = context.requireSession()
    return new NotificationConnection(
      await this.service.list(caller, pageArgumentsOf(args)),
      caller,
    )
  }

  @Query(() => Int, {
    description: `The number of the caller’s notifications that they have not seen. It stops at ${maxUnseen}, which means ${maxUnseen} or more. ${sessionOnlyDescription}`,
  })
  unseenNotificationCount(@Ctx() context: Context): Promise<number> {
    return this.service.countUnseen(context.requireSession())
  }

  @Mutation(() => MarkNotificationsSeenPayload, {
    description:
      'Marks the caller’s notifications up to a time as seen. It marks no notification as unseen again.',
  })
  @SignedIn()
  @SessionOnly()
  async markNotificationsSeen(
    @Arg('input', () => MarkNotificationsSeenInput, {
      description: 'Up to when the caller has seen them.',
    })
    { until }: MarkNotificationsSeenInput,
    @Ctx() context: Context,
  ): Promise<MarkNotificationsSeenPayload> {
    const caller = await this.service.markSeen(context.requireSession(), until)
    const payload = new MarkNotificationsSeenPayload()
    payload.unseenNotificationCount = await this.service.countUnseen(caller)
    return payload
  }
}
