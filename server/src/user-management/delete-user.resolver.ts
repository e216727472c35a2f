import { type AccessRefusal, refusalToDelete } from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { AccessDenied, AccessRefusalEnum, LastOwner } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { UserNotFound } from '../graphql/user-error.type.js'
import { User } from '../users/user.type.js'
import type { DeleteUserService, UserDeletionResult } from './delete-user.service.js'
import { DeleteUserInput, DeleteUserPayload, LoginMismatch } from './delete-user.type.js'

const errorsOf = (result: UserDeletionResult) => {
  switch (result.kind) {
    case 'deleted':
      return []
    case 'notFound':
      return [new UserNotFound()]
    case 'accessDenied':
      return [new AccessDenied(result.reason, ['userId'])]
    case 'lastOwner':
      return [new LastOwner(['userId'])]
    case 'loginMismatch':
      return [new LoginMismatch()]
  }
}

/** Deletes users. */
@Resolver(() => User)
export class DeleteUserResolver {
  constructor(private readonly deletions: DeleteUserService) {}

  @Mutation(() => DeleteUserPayload, {
    description: `Deletes a user permanently. Requires \`users.delete\`. Callers cannot delete themselves, a user who outranks them, or the last owner.

The server erases their profile, sessions, links, passwords, second factors, trusted devices, waiting mails and counted sign-ins. The operation list keeps what they did and what was done to them, under a pseudonym.`,
  })
  @RequirePermission('users.delete', 'DELETE_USER')
  @RequireRecentProof()
  async deleteUser(
    @Arg('input', () => DeleteUserInput, { description: 'The user to delete.' })
    input: DeleteUserInput,
    @Ctx() context: Context,
  ): Promise<DeleteUserPayload> {
    const caller = context.requireSignedIn()
    const result = await this.deletions.delete(caller, input, context.origin)
    const payload = new DeleteUserPayload()
    if (result.kind === 'deleted') payload.deletedUserId = input.userId
    payload.errors = errorsOf(result)
    return payload
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not delete this user; null if they may.',
  })
  refusalToDelete(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToDelete)
  }
}
