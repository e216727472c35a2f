import {
  type AccessRefusal,
  refusalToBlock,
  refusalToChangeAccess,
  refusalToDelete,
  refusalToManageInvitation,
  type Subject,
} from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { Context } from '../graphql/context.js'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import { UserChangedMeanwhile } from '../users/update-user.type.js'
import { User, userOf } from '../users/user.type.js'
import { readUserIds, UserResult } from '../users/user-result.type.js'
import type { AccessChangeResult, AccessService } from './access.service.js'
import {
  ChangeAccessInput,
  ChangeAccessPayload,
  ChangeRolesInput,
  ChangeRolesPayload,
} from './access.type.js'
import { AccessDenied, AccessRefusalEnum, LastOwner } from './access-denied.type.js'

const errorsOf = (result: Exclude<AccessChangeResult, { kind: 'changed' }>) => {
  switch (result.kind) {
    case 'notFound':
      return [new UserNotFound()]
    case 'denied':
      return [new AccessDenied(result.refusal, ['userId'])]
    case 'lastOwner':
      return [new LastOwner(['userId'])]
    case 'changedMeanwhile':
      return [new UserChangedMeanwhile(result.user)]
    case 'invalid':
      return result.problems.map(({ field, message }) => new InvalidField(message, [field]))
  }
}

const resultOf = (userId: string, result: AccessChangeResult): UserResult => {
  switch (result.kind) {
    case 'changed':
      return new UserResult(userId, userOf(result.user), [])
    case 'denied':
      return new UserResult(userId, null, [new AccessDenied(result.refusal, ['userIds'])])
    case 'lastOwner':
      return new UserResult(userId, null, [new LastOwner(['userIds'])])
    case 'notFound':
      return new UserResult(userId, null, [new UserNotFound(['userIds'])])
    case 'changedMeanwhile':
    case 'invalid':
      throw new Error(`A role has no ${result.kind}.`)
  }
}

/** Changes roles and single permissions. */
@Resolver(() => User)
export class AccessResolver {
  constructor(private readonly access: AccessService) {}

  @Mutation(() => ChangeAccessPayload, {
    description: `Sets a user’s role, and what is granted and withdrawn beside it. Takes access.manage.

Nobody changes their own access, that of someone who outranks them (by role, or by a permission they lack), or gives more than they have. It holds from the user’s next request on.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`.`,
  })
  async changeAccess(
    @Arg('input', () => ChangeAccessInput, { description: 'Whose access, and what it is to be.' })
    input: ChangeAccessInput,
    @Ctx() context: Context,
  ): Promise<ChangeAccessPayload> {
    const { userId, version, ...access } = input
    const change = { userId, version: version ?? undefined, access }
    const { user: caller } = context.requireSignedIn()
    const result = await this.access.change(caller, change, context.origin)
    const payload = new ChangeAccessPayload()
    if (result.kind === 'changed') payload.user = userOf(result.user)
    else payload.errors = errorsOf(result)
    return payload
  }

  @Mutation(() => ChangeRolesPayload, {
    description: `Gives one role to several users; what is granted and withdrawn beside it stays as it is. Takes access.manage; for each user the rules of changeAccess hold.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`, \`BAD_USER_INPUT\`.`,
  })
  async changeRoles(
    @Arg('input', () => ChangeRolesInput, { description: 'Whose role, and which.' })
    input: ChangeRolesInput,
    @Ctx() context: Context,
  ): Promise<ChangeRolesPayload> {
    const { user: caller } = context.requireSignedIn()
    const ids = readUserIds(input.userIds)
    const results = await this.access.changeRoles(caller, ids, input.role, context.origin)
    return new ChangeRolesPayload(results.map((one, index) => resultOf(ids[index] ?? '', one)))
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not change this user’s access; null when they may.',
  })
  refusalToChangeAccess(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalOf(context, user, refusalToChangeAccess)
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not block or unblock this user; null when they may.',
  })
  refusalToBlock(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalOf(context, user, refusalToBlock)
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not delete this user; null when they may.',
  })
  refusalToDelete(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalOf(context, user, refusalToDelete)
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description:
      'Why the caller may not resend or revoke this user’s invitation; null when they may.',
  })
  refusalToManageInvitation(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalOf(context, user, refusalToManageInvitation)
  }
}

const refusalOf = (
  context: Context,
  user: User,
  rule: (actor: Subject, user: Subject) => AccessRefusal | null,
): AccessRefusal | null =>
  context.signedIn === null ? 'PERMISSION_MISSING' : rule(context.signedIn.user, user)
