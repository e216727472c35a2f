import { accessRefusalKeys } from '@rekey/shared/access'
import { GraphQLDateTimeISO } from 'graphql-scalars'
import {
  ArgsType,
  Ctx,
  createUnionType,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from 'type-graphql'
import type { Context } from '../graphql/context.js'
import type { CountedPage } from '../graphql/keyset-page.js'
import { MaxLength } from '../graphql/max-length.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { Node } from '../nodes/node.type.js'
import { UserFilter } from '../user-search/user-connection.type.js'
import type { BulkAction, BulkJobEntity, BulkJobStatus, BulkStopReason } from './bulk-job.entity.js'
import { maxUnfinishedJobs, maxUsersOfJob } from './bulk-job.service.js'
import type { BulkJobUserEntity, BulkOutcome, BulkReason } from './bulk-job-user.entity.js'

/** The actions as a GraphQL enum. */
const BulkActionEnum = {
  BLOCK: 'BLOCK',
  DELETE: 'DELETE',
  RESEND_INVITATION: 'RESEND_INVITATION',
  SEND_PASSWORD_RESET_LINK: 'SEND_PASSWORD_RESET_LINK',
  REQUIRE_PASSWORD_CHANGE: 'REQUIRE_PASSWORD_CHANGE',
  WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: 'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
  SIGN_OUT: 'SIGN_OUT',
} as const satisfies { [Action in BulkAction]: Action }

registerEnumType(BulkActionEnum, {
  name: 'BulkAction',
  description: 'An action that a bulk job applies to each of its users.',
  valuesConfig: {
    BLOCK: { description: 'Blocks the user, as `blockUsers` does. Requires `users.manage`.' },
    DELETE: { description: 'Deletes the user, as `deleteUser` does. Requires `users.delete`.' },
    RESEND_INVITATION: {
      description:
        'Sends the invitation again, as `resendInvitation` does. Requires `users.invite`.',
    },
    SEND_PASSWORD_RESET_LINK: {
      description:
        'Sends the user a reset link, as `sendPasswordResetLinks` does. Requires `users.manage`.',
    },
    REQUIRE_PASSWORD_CHANGE: {
      description:
        'Requires the user to choose a new password, as `requirePasswordChange` does. Requires `users.manage`.',
    },
    WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: {
      description:
        'No longer requires the user to choose a new password, as `withdrawPasswordChangeRequirement` does. Requires `users.manage`.',
    },
    SIGN_OUT: {
      description:
        'Signs the user out everywhere, as `signOutUsers` does. Requires `users.manage`.',
    },
  },
})

/** The states of a job as a GraphQL enum. */
const BulkJobStatusEnum = {
  PENDING: 'PENDING',
  RUNNING: 'RUNNING',
  DONE: 'DONE',
  CANCELLED: 'CANCELLED',
  STOPPED: 'STOPPED',
} as const satisfies { [Status in BulkJobStatus]: Status }

registerEnumType(BulkJobStatusEnum, {
  name: 'BulkJobStatus',
  description: 'The state of a bulk job.',
  valuesConfig: {
    PENDING: { description: 'No user has been handled yet.' },
    RUNNING: { description: 'Some users have been handled.' },
    DONE: { description: 'All users have been handled. Some may have been refused or skipped.' },
    CANCELLED: { description: 'The user who started the job cancelled it.' },
    STOPPED: { description: 'The server stopped the job. `stopReason` says why.' },
  },
})

/** The stop reasons as a GraphQL enum. */
const BulkStopReasonEnum = {
  STARTER_NOT_ACTIVE: 'STARTER_NOT_ACTIVE',
  STARTER_RESTRICTED: 'STARTER_RESTRICTED',
  ENDED_BY_ADMINISTRATOR: 'ENDED_BY_ADMINISTRATOR',
  PERMISSION_MISSING: 'PERMISSION_MISSING',
  API_TOKEN_INVALID: 'API_TOKEN_INVALID',
} as const satisfies { [Reason in BulkStopReason]: Reason }

registerEnumType(BulkStopReasonEnum, {
  name: 'BulkStopReason',
  description: 'Why the server stopped a bulk job.',
  valuesConfig: {
    STARTER_NOT_ACTIVE: { description: 'The user who started the job was blocked.' },
    STARTER_RESTRICTED: {
      description:
        'The user who started the job must first choose a new password or enrol a second factor.',
    },
    ENDED_BY_ADMINISTRATOR: {
      description:
        'An administrator secured the account of the user who started the job, or signed the user out.',
    },
    PERMISSION_MISSING: {
      description: 'The user who started the job, or their API token, lost the permission.',
    },
    API_TOKEN_INVALID: {
      description: 'The API token that started the job was revoked or has expired.',
    },
  },
})

/** The outcomes as a GraphQL enum. */
export const BulkOutcomeEnum = {
  DONE: 'DONE',
  REFUSED: 'REFUSED',
  SKIPPED: 'SKIPPED',
} as const satisfies { [Outcome in BulkOutcome]: Outcome }

registerEnumType(BulkOutcomeEnum, {
  name: 'BulkOutcome',
  description: 'What a bulk job did with a user.',
  valuesConfig: {
    DONE: { description: 'The action was applied, or no change was necessary.' },
    REFUSED: { description: 'The action was refused. `reason` says why.' },
    SKIPPED: {
      description: 'The job never changes this user: they started the job, or they are an owner.',
    },
  },
})

/** The reasons as a GraphQL enum. */
const BulkReasonEnum = {
  SELF: 'SELF',
  OWNER: 'OWNER',
  USER_NOT_FOUND: 'USER_NOT_FOUND',
  PERMISSION_MISSING: 'PERMISSION_MISSING',
  OUTRANKED: 'OUTRANKED',
  BEYOND_OWN_ACCESS: 'BEYOND_OWN_ACCESS',
  LAST_OWNER: 'LAST_OWNER',
  NOT_ACTIVE: 'NOT_ACTIVE',
  NOT_BLOCKED: 'NOT_BLOCKED',
  NOT_INVITED: 'NOT_INVITED',
  INVITED: 'INVITED',
  BLOCKED: 'BLOCKED',
  PASSWORD_MISSING: 'PASSWORD_MISSING',
  PASSWORD_TEMPORARY: 'PASSWORD_TEMPORARY',
  PASSWORD_TOO_OLD: 'PASSWORD_TOO_OLD',
  MAIL_NOT_CONFIGURED: 'MAIL_NOT_CONFIGURED',
  TOO_MANY_ATTEMPTS: 'TOO_MANY_ATTEMPTS',
} as const satisfies { [Reason in BulkReason]: Reason }

registerEnumType(BulkReasonEnum, {
  name: 'BulkReason',
  description: 'Why a bulk job did not change a user.',
  valuesConfig: {
    SELF: { description: 'The user started the job.' },
    OWNER: { description: 'The user is an owner.' },
    USER_NOT_FOUND: { description: 'The user no longer exists.' },
    PERMISSION_MISSING: { description: 'The starter lacks the required permission.' },
    OUTRANKED: {
      description: 'The user has a higher role, or a permission that the starter does not have.',
    },
    BEYOND_OWN_ACCESS: { description: 'The starter would give more access than they have.' },
    LAST_OWNER: { description: 'The user is the only active owner.' },
    NOT_ACTIVE: { description: 'The user was invited and is not active yet.' },
    NOT_BLOCKED: { description: 'The user is not blocked.' },
    NOT_INVITED: { description: 'The user has already accepted the invitation.' },
    INVITED: { description: 'The user has not accepted the invitation yet.' },
    BLOCKED: { description: 'The user is blocked.' },
    PASSWORD_MISSING: { description: 'The user has no password yet.' },
    PASSWORD_TEMPORARY: {
      description: 'Someone else set the password, so the user must choose a new one.',
    },
    PASSWORD_TOO_OLD: { description: 'The account requires a new password because of its age.' },
    MAIL_NOT_CONFIGURED: { description: 'No mail server is configured.' },
    TOO_MANY_ATTEMPTS: { description: 'Too many mails were sent to this user.' },
  },
})

/** The messages for the user, by reason. */
const reasonMessages = {
  SELF: 'bulk-jobs.reason.SELF',
  OWNER: 'bulk-jobs.reason.OWNER',
  USER_NOT_FOUND: 'errors.userNotFound',
  PERMISSION_MISSING: accessRefusalKeys.PERMISSION_MISSING,
  OUTRANKED: accessRefusalKeys.OUTRANKED,
  BEYOND_OWN_ACCESS: accessRefusalKeys.BEYOND_OWN_ACCESS,
  LAST_OWNER: 'access.error.lastOwner',
  NOT_ACTIVE: 'user-management.error.notActive',
  NOT_BLOCKED: 'user-management.error.notBlocked',
  NOT_INVITED: 'user-management.error.notInvited',
  INVITED: 'user-management.error.stillInvited',
  BLOCKED: 'user-management.error.stillBlocked',
  PASSWORD_MISSING: 'user-management.error.passwordMissing',
  PASSWORD_TEMPORARY: 'user-management.error.passwordTemporary',
  PASSWORD_TOO_OLD: 'user-management.error.passwordTooOld',
  MAIL_NOT_CONFIGURED: 'user-management.error.mailNotConfigured',
  TOO_MANY_ATTEMPTS: 'bulk-jobs.reason.TOO_MANY_ATTEMPTS',
} as const satisfies Record<BulkReason, string>

/** A user of a job. */
@ObjectType({ description: 'A user of a bulk job, and what the job did with them.' })
export class BulkJobUser {
  @Field(() => ID, { description: 'The id of the user, who may be deleted by now.' })
  userId: string

  @Field(() => BulkOutcomeEnum, {
    nullable: true,
    description: 'What the job did with the user; null if the job has not handled them.',
  })
  outcome: BulkOutcome | null

  @Field(() => BulkReasonEnum, {
    nullable: true,
    description: 'Why the user was not changed; null unless the outcome is REFUSED or SKIPPED.',
  })
  reason: BulkReason | null

  constructor({ userId, outcome, reason }: BulkJobUserEntity) {
    this.userId = userId
    this.outcome = outcome
    this.reason = reason
  }

  @Field(() => String, {
    nullable: true,
    description: 'The reason as a message for the user, in their language; null without a reason.',
  })
  message(@Ctx() { language }: Context): string | null {
    return this.reason === null ? null : language.translate(text(reasonMessages[this.reason]))
  }
}

/** Arguments of the users of a job. */
@ArgsType()
export class BulkJobUsersArgs extends PageArgs {
  @Field(() => [BulkOutcomeEnum], {
    nullable: true,
    description: 'Only users with one of these outcomes. An empty list does not filter.',
  })
  outcomes?: BulkOutcome[] | null
}

/** A user of a job and their cursor. */
@ObjectType({ description: 'A user of a bulk job and their cursor.' })
class BulkJobUserEdge {
  @Field(() => String, { description: 'The cursor of this user.' })
  cursor!: string

  @Field(() => BulkJobUser, { description: 'The user of the job.' })
  node!: BulkJobUser
}

/** One page of the users of a job. */
@ObjectType({
  description:
    'One page of the users of a bulk job, in the order in which it handles them (Relay Cursor Connections Specification).',
})
export class BulkJobUserConnection {
  @Field(() => PageInfo, { description: 'Whether there are items before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<BulkJobUserEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [BulkJobUserEdge], { description: 'The users of the job with their cursors.' })
  edges(): BulkJobUserEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new BulkJobUser(row),
    }))
  }

  @Field(() => [BulkJobUser], { description: 'The users of the job without cursors.' })
  nodes(): BulkJobUser[] {
    return this.page.rows.map(row => new BulkJobUser(row))
  }

  @Field(() => Int, { description: 'The number of users on all pages.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** A job, as the user who started it sees it. */
@ObjectType({
  implements: Node,
  description:
    'An action on many users that runs in the background. Only the user who started it can see it.',
})
export class BulkJob implements Node {
  @Field(() => ID, { description: 'An opaque, stable identifier.' })
  id: string

  @Field(() => BulkActionEnum, { description: 'What the job does with each user.' })
  action: BulkAction

  @Field(() => BulkJobStatusEnum, { description: 'The state of the job.' })
  status: BulkJobStatus

  @Field(() => BulkStopReasonEnum, {
    nullable: true,
    description: 'Why the server stopped the job; null unless the status is STOPPED.',
  })
  stopReason: BulkStopReason | null

  @Field(() => Int, { description: 'The number of users, as confirmed at the start.' })
  total: number

  @Field(() => Int, { description: 'How many users were changed, or needed no change.' })
  done: number

  @Field(() => Int, { description: 'How many users were refused.' })
  refused: number

  @Field(() => Int, { description: 'How many users were skipped.' })
  skipped: number

  @Field(() => GraphQLDateTimeISO, { description: 'When the job was started.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the job ended; null while it is unfinished.',
  })
  finishedAt: Date | null

  constructor(readonly row: BulkJobEntity) {
    this.id = row.id
    this.action = row.action
    this.status = row.status
    this.stopReason = row.stopReason
    this.total = row.total
    this.done = row.done
    this.refused = row.refused
    this.skipped = row.skipped
    this.createdAt = row.createdAt
    this.finishedAt = row.finishedAt
  }
}

/** Arguments of the list of jobs. */
@ArgsType()
export class BulkJobsArgs extends PageArgs {}

/** A job and its cursor. */
@ObjectType({ description: 'A bulk job and its cursor.' })
class BulkJobEdge {
  @Field(() => String, { description: 'The cursor of this job.' })
  cursor!: string

  @Field(() => BulkJob, { description: 'The job.' })
  node!: BulkJob
}

/** One page of jobs. */
@ObjectType({
  description:
    'One page of the bulk jobs that the caller started, newest first (Relay Cursor Connections Specification).',
})
export class BulkJobConnection {
  @Field(() => PageInfo, { description: 'Whether there are items before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<BulkJobEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [BulkJobEdge], { description: 'The jobs with their cursors.' })
  edges(): BulkJobEdge[] {
    return this.page.rows.map(row => ({ cursor: this.page.cursorOf(row), node: new BulkJob(row) }))
  }

  @Field(() => [BulkJob], { description: 'The jobs without cursors.' })
  nodes(): BulkJob[] {
    return this.page.rows.map(row => new BulkJob(row))
  }

  @Field(() => Int, { description: 'The number of jobs on all pages.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** What finds the users of a job. */
@InputType({
  description:
    'All users that a search and a filter find, as the query `users` does. If both are left out, all users.',
})
export class MatchingUsersInput {
  @MaxLength(200)
  @Field(() => String, {
    nullable: true,
    description: 'The search, as in the query `users`; at most 200 characters.',
  })
  search?: string | null

  @Field(() => UserFilter, { nullable: true, description: 'The filter, as in the query `users`.' })
  filter?: UserFilter | null
}

/** A job to start. */
@InputType({ description: 'The bulk job to start.' })
export class StartBulkJobInput {
  @Field(() => BulkActionEnum, { description: 'What to do with each user.' })
  action!: BulkAction

  @MaxLength(500)
  @Field(() => String, {
    nullable: true,
    description:
      'Why the users are blocked, at most 500 characters, as in `blockUsers`. Only for BLOCK.',
  })
  reason?: string | null

  @Field(() => [ID], {
    nullable: true,
    description: 'The ids of 1 to 100 users. Use either this field or `matching`.',
  })
  userIds?: string[] | null

  @Field(() => MatchingUsersInput, {
    nullable: true,
    description: 'Finds the users. Use either this field or `userIds`. Requires `users.read`.',
  })
  matching?: MatchingUsersInput | null

  @Field(() => Int, {
    description:
      'The number of users that the caller has confirmed, at least 1. If the selection has another number, nothing is started.',
  })
  confirmedCount!: number
}

/** The number of users is not the confirmed one. */
@ObjectType({
  implements: UserError,
  description: 'The selection does not have as many users as the caller confirmed.',
})
export class UserCountDiffers extends UserError {
  @Field(() => Int, { description: 'How many users the selection has now.' })
  count: number

  constructor(count: number) {
    super(text('bulk-jobs.error.userCountDiffers', { count }), ['confirmedCount'])
    this.count = count
  }
}

/** The selection is too large for one job. */
@ObjectType({
  implements: UserError,
  description: `The selection has more than ${maxUsersOfJob.toLocaleString('en')} users.`,
})
export class TooManyUsers extends UserError {
  constructor() {
    super(text('bulk-jobs.error.tooManyUsers', { maximum: maxUsersOfJob }), ['matching'])
  }
}

/** The caller has too many unfinished jobs. */
@ObjectType({
  implements: UserError,
  description: `The caller already has ${maxUnfinishedJobs} unfinished bulk jobs.`,
})
export class TooManyBulkJobs extends UserError {
  constructor() {
    super(text('bulk-jobs.error.tooManyJobs', { maximum: maxUnfinishedJobs }), [])
  }
}

const StartBulkJobError = createUnionType({
  name: 'StartBulkJobError',
  description: 'Why the bulk job was not started.',
  types: () => [UserCountDiffers, TooManyUsers, TooManyBulkJobs] as const,
})

/** The result of starting a job. */
@ObjectType({ description: 'The result of starting a bulk job.' })
export class StartBulkJobPayload {
  @Field(() => BulkJob, { nullable: true, description: 'The job; null if it was not started.' })
  job: BulkJob | null = null

  @Field(() => [StartBulkJobError], { description: 'Empty if the job was started.' })
  errors: (typeof StartBulkJobError)[] = []
}

/** A job to cancel. */
@InputType({ description: 'The bulk job to cancel.' })
export class CancelBulkJobInput {
  @Field(() => ID, { description: 'The id of the job.' })
  jobId!: string
}

/** There is no such job. */
@ObjectType({
  implements: UserError,
  description:
    'The caller has no bulk job with this id, or no longer. With an API token, only jobs that were started with it count.',
})
export class BulkJobNotFound extends UserError {
  constructor() {
    super(text('bulk-jobs.error.notFound'), ['jobId'])
  }
}

const CancelBulkJobError = createUnionType({
  name: 'CancelBulkJobError',
  description: 'Why the bulk job was not cancelled.',
  types: () => [BulkJobNotFound] as const,
})

/** The result of cancelling a job. */
@ObjectType({ description: 'The result of cancelling a bulk job.' })
export class CancelBulkJobPayload {
  @Field(() => BulkJob, {
    nullable: true,
    description:
      'The job, which may have ended before it was cancelled; null if there is no such job.',
  })
  job: BulkJob | null = null

  @Field(() => [CancelBulkJobError], { description: 'Empty if the job has ended.' })
  errors: (typeof CancelBulkJobError)[] = []
}
