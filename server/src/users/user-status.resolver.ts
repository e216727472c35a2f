import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import type { Context } from '../graphql/context.js'
import { UserNotFound } from '../graphql/user-error.type.js'
import { userOf } from './user.type.js'
import { readUserIds, UserNotActive, UserResult } from './user-result.type.js'
import type {
  DeletionResult,
  StatusChangeResult,
  UserStatusService,
} from './user-status.service.js'
import {
  BlockUsersInput,
  BlockUsersPayload,
  DeleteUserInput,
  DeleteUserPayload,
  LoginMismatch,
  UnblockUsersInput,
  UnblockUsersPayload,
} from './user-status.type.js'

const errorOf = (result: Exclude<StatusChangeResult, { kind: 'changed' }>) => {
  switch (result.kind) {
    case 'notFound':
      return new UserNotFound(['userIds'])
    case 'denied':
      return new AccessDenied(result.refusal, ['userIds'])
    case 'lastOwner':
      return new LastOwner(['userIds'])
    case 'notActive':
      return new UserNotActive()
  }
}

const resultsOf = (ids: readonly string[], results: readonly StatusChangeResult[]) =>
  results.map((result, index) =>
    result.kind === 'changed'
      ? new UserResult(ids[index] ?? '', userOf(result.user), [])
      : new UserResult(ids[index] ?? '', null, [errorOf(result)]),
  )

const deletionErrorOf = (result: Exclude<DeletionResult, { kind: 'deleted' }>) => {
  switch (result.kind) {
    case 'notFound':
      return new UserNotFound()
    case 'denied':
      return new AccessDenied(result.refusal, ['userId'])
    case 'lastOwner':
      return new LastOwner(['userId'])
    case 'loginMismatch':
      return new LoginMismatch()
  }
}

/** Blocks, unblocks and deletes users. */
@Resolver()
export class UserStatusResolver {
  constructor(private readonly service: UserStatusService) {}

  @Mutation(() => BlockUsersPayload, {
    description: `Blocks users: they can’t sign in, and their sessions and reset links end at once. Takes users.manage; not oneself, not someone who outranks the caller, not the last active owner. Who is blocked already stays so.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`, \`BAD_USER_INPUT\`.`,
  })
  async blockUsers(
    @Arg('input', () => BlockUsersInput, { description: 'Whom.' }) input: BlockUsersInput,
    @Ctx() context: Context,
  ): Promise<BlockUsersPayload> {
    const { user: caller } = context.requireSignedIn()
    const ids = readUserIds(input.userIds)
    const results = await this.service.block(caller, ids, context.origin)
    return new BlockUsersPayload(resultsOf(ids, results))
  }

  @Mutation(() => UnblockUsersPayload, {
    description: `Lets blocked users sign in again. Takes users.manage, as blockUsers does. Who is active already stays so.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`, \`BAD_USER_INPUT\`.`,
  })
  async unblockUsers(
    @Arg('input', () => UnblockUsersInput, { description: 'Whom.' }) input: UnblockUsersInput,
    @Ctx() context: Context,
  ): Promise<UnblockUsersPayload> {
    const { user: caller } = context.requireSignedIn()
    const ids = readUserIds(input.userIds)
    const results = await this.service.unblock(caller, ids, context.origin)
    return new UnblockUsersPayload(resultsOf(ids, results))
  }

  @Mutation(() => DeleteUserPayload, {
    description: `Deletes a user with the personal data kept about them; it can’t be undone. Takes users.delete; not oneself, not someone who outranks the caller, not the last active owner. Operations by and on them stay, under a pseudonym.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`.`,
  })
  async deleteUser(
    @Arg('input', () => DeleteUserInput, { description: 'Whom, and their login.' })
    input: DeleteUserInput,
    @Ctx() context: Context,
  ): Promise<DeleteUserPayload> {
    const { user: caller } = context.requireSignedIn()
    const result = await this.service.delete(caller, input, context.origin)
    const payload = new DeleteUserPayload()
    if (result.kind === 'deleted') payload.deletedUserId = input.userId
    else payload.errors = [deletionErrorOf(result)]
    return payload
  }
}
