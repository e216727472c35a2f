import { mayReadUser } from '@rekey/shared/access'
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import type { RequestLoader } from '../graphql/request-loader.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { User, userOf } from '../users/user.type.js'
import { fullNameOf, pseudonymOf } from '../users/user-keys.js'
import { userLoaderOf } from '../users/user-loader.js'
import type { OperationSelection, OperationService } from './operation.service.js'
import {
  Operation,
  OperationConnection,
  type OperationFilter,
  OperationOrder,
  OperationsArgs,
} from './operation.type.js'

/** Converts the filter for the service. A field that is null is treated as left out. */
const selectionOf = (filter: OperationFilter | null | undefined): OperationSelection =>
  Object.fromEntries(
    Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined),
  )

/** Reads the operation list. */
@Resolver(() => Operation)
export class OperationResolver {
  private readonly people: RequestLoader<UserEntity>

  constructor(
    private readonly operations: OperationService,
    users: UserService,
  ) {
    this.people = userLoaderOf(users)
  }

  @Query(() => OperationConnection, {
    name: 'operations',
    description:
      'A page of the operation list, newest first unless order says otherwise. Requires operations.read, unless filter.subjectId is the caller’s own id.',
  })
  async operationList(
    @Args(() => OperationsArgs) args: OperationsArgs,
    @Ctx() context: Context,
  ): Promise<OperationConnection> {
    const caller = context.requireSignedIn()
    const selection = selectionOf(args.filter)
    const oldestFirst = args.order === OperationOrder.OLDEST_FIRST
    const page = pageArgumentsOf(args)
    return new OperationConnection(
      oldestFirst
        ? await this.operations.listFeed(caller, selection, page)
        : await this.operations.list(caller, selection, page),
    )
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The current full name of the user who did it, or “Deleted user” with the end of their id. Null if nobody was signed in.',
  })
  async actorName(@Root() operation: Operation, @Ctx() context: Context): Promise<string | null> {
    return this.nameOf(operation.actorId, context)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The current full name of the user it was done to, or “Deleted user” with the end of their id. Null if there is no known user.',
  })
  async subjectName(@Root() operation: Operation, @Ctx() context: Context): Promise<string | null> {
    return this.nameOf(operation.subjectId, context)
  }

  @FieldResolver(() => User, {
    nullable: true,
    description:
      'The user who did it. Null if nobody was signed in, the user was deleted, or the caller may not see them.',
  })
  async actor(@Root() operation: Operation, @Ctx() context: Context): Promise<User | null> {
    return this.userOf(operation.actorId, context)
  }

  @FieldResolver(() => User, {
    nullable: true,
    description:
      'The user it was done to. Null if there is no known user, the user was deleted, or the caller may not see them.',
  })
  async subject(@Root() operation: Operation, @Ctx() context: Context): Promise<User | null> {
    return this.userOf(operation.subjectId, context)
  }

  private async nameOf(id: string | null, context: Context): Promise<string | null> {
    if (id === null) return null
    const user = await this.people.load(id, context)
    return user === undefined ? pseudonymOf(id) : fullNameOf(user)
  }

  private async userOf(id: string | null, context: Context): Promise<User | null> {
    const { caller } = context
    if (id === null || caller === null || !mayReadUser(caller, { id })) return null
    const user = await this.people.load(id, context)
    return user === undefined ? null : userOf(user)
  }
}
