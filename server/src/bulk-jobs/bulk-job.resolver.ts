import { hasPermission } from '@rekey/shared/access'
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { RequirePermissionByInput, RequireRecentProof, SignedIn } from '../access/guards.js'
import { badInput } from '../graphql/api-error.js'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import type { RequestLoader } from '../graphql/request-loader.js'
import { criteriaOf } from '../user-search/user-connection.type.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { User, userOf } from '../users/user.type.js'
import { userLoaderOf } from '../users/user-loader.js'
import {
  type BulkJobService,
  type BulkSelection,
  keptDays,
  maxUnfinishedJobs,
  maxUsersOfJob,
} from './bulk-job.service.js'
import {
  BulkJob,
  BulkJobConnection,
  BulkJobNotFound,
  BulkJobsArgs,
  BulkJobUser,
  BulkJobUserConnection,
  BulkJobUsersArgs,
  CancelBulkJobInput,
  CancelBulkJobPayload,
  StartBulkJobInput,
  StartBulkJobPayload,
  TooManyBulkJobs,
  TooManyUsers,
  UserCountDiffers,
} from './bulk-job.type.js'

/** @throws BAD_USER_INPUT unless the input names the users in exactly one way. */
const selectionOf = ({ userIds, matching }: StartBulkJobInput): BulkSelection => {
  if (userIds && !matching) return { userIds }
  if (!matching || userIds) throw badInput('Use either userIds or matching.')
  return { criteria: criteriaOf(matching) }
}

/** Starts, shows and cancels jobs. */
@Resolver(() => BulkJob)
export class BulkJobResolver {
  constructor(private readonly jobs: BulkJobService) {}

  @Mutation(() => StartBulkJobPayload, {
    description: `Starts a job that applies an action to many users in the background. Requires the permission of the action.

The users are fixed when the job starts: users who match later are not added. The job checks for each user whether the caller may act on them, when it reaches them. It skips the caller and owners. It stops if the caller is blocked or loses the permission, or if the API token that started it is revoked. It continues after a restart of the server, and after the caller has signed out.

A job has at most ${maxUsersOfJob.toLocaleString('en')} users, and a caller at most ${maxUnfinishedJobs} unfinished jobs. Results are deleted ${keptDays} days after the job has ended.`,
  })
  @RequirePermissionByInput()
  @RequireRecentProof()
  async startBulkJob(
    @Arg('input', () => StartBulkJobInput, { description: 'The job to start.' })
    input: StartBulkJobInput,
    @Ctx() context: Context,
  ): Promise<StartBulkJobPayload> {
    const caller = context.requireSignedIn()
    const { action, confirmedCount } = input
    const reason = input.reason ?? null
    const job = { action, reason, selection: selectionOf(input), confirmedCount }
    const result = await this.jobs.start(caller, job, context.origin)
    const payload = new StartBulkJobPayload()
    switch (result.kind) {
      case 'started':
        payload.job = new BulkJob(result.job)
        break
      case 'countDiffers':
        payload.errors = [new UserCountDiffers(result.count)]
        break
      case 'tooManyUsers':
        payload.errors = [new TooManyUsers()]
        break
      case 'tooManyJobs':
        payload.errors = [new TooManyBulkJobs()]
        break
    }
    return payload
  }

  @Mutation(() => CancelBulkJobPayload, {
    description:
      'Cancels a job that the caller started. Users who were already handled stay changed. Does nothing if the job has ended. An API token can cancel only jobs that were started with it.',
  })
  @SignedIn()
  async cancelBulkJob(
    @Arg('input', () => CancelBulkJobInput, { description: 'The job to cancel.' })
    { jobId }: CancelBulkJobInput,
    @Ctx() context: Context,
  ): Promise<CancelBulkJobPayload> {
    const caller = context.requireSignedIn()
    const result = await this.jobs.cancel(caller, jobId, context.origin)
    const payload = new CancelBulkJobPayload()
    if (result.kind === 'notFound') payload.errors = [new BulkJobNotFound()]
    else payload.job = new BulkJob(result.job)
    return payload
  }

  @Query(() => BulkJob, {
    nullable: true,
    description:
      'A bulk job that the caller started; null if there is none with this id. An API token sees only jobs that were started with it.',
  })
  async bulkJob(
    @Arg('id', () => ID, { description: 'The id of the job.' }) id: string,
    @Ctx() context: Context,
  ): Promise<BulkJob | null> {
    const job = await this.jobs.find(context.requireSignedIn(), id)
    return job && new BulkJob(job)
  }

  @Query(() => BulkJobConnection, {
    description:
      'The bulk jobs that the caller started, newest first. An API token sees only jobs that were started with it.',
  })
  async bulkJobs(
    @Args(() => BulkJobsArgs) args: BulkJobsArgs,
    @Ctx() context: Context,
  ): Promise<BulkJobConnection> {
    const caller = context.requireSignedIn()
    return new BulkJobConnection(await this.jobs.list(caller, pageArgumentsOf(args)))
  }

  @FieldResolver(() => BulkJobUserConnection, {
    description: 'The users of the job, in the order in which it handles them.',
  })
  async users(
    @Root() job: BulkJob,
    @Args(() => BulkJobUsersArgs) args: BulkJobUsersArgs,
  ): Promise<BulkJobUserConnection> {
    return new BulkJobUserConnection(
      await this.jobs.listUsers(job.row, args.outcomes ?? [], pageArgumentsOf(args)),
    )
  }
}

/** Adds the profiles to the users of jobs. */
@Resolver(() => BulkJobUser)
export class BulkJobUserResolver {
  private readonly people: RequestLoader<UserEntity>

  constructor(users: UserService) {
    this.people = userLoaderOf(users)
  }

  @FieldResolver(() => User, {
    nullable: true,
    description:
      'The user as they are now. Null if they were deleted, or if the caller lacks `users.read`.',
  })
  async user(@Root() { userId }: BulkJobUser, @Ctx() context: Context): Promise<User | null> {
    if (!hasPermission(context.requireSignedIn(), 'users.read')) return null
    const user = await this.people.load(userId, context)
    return user === undefined ? null : userOf(user)
  }
}
