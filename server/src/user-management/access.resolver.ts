import { type AccessRefusal, refusalToChangeAccess } from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { AccessDenied, AccessRefusalEnum, LastOwner } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import { UserChangedMeanwhile } from '../users/update-user.type.js'
import { User, userOf } from '../users/user.type.js'
import type { AccessChangeResult, AccessService } from './access.service.js'
import {
  ChangeAccessInput,
  ChangeAccessPayload,
  ChangeRolesInput,
  ChangeRolesPayload,
} from './access.type.js'

const errorsOf = (result: AccessChangeResult) => {
  switch (result.kind) {
    case 'changed':
      return []
    case 'notFound':
      return [new UserNotFound()]
    case 'accessDenied':
      return [new AccessDenied(result.reason, ['userId'])]
    case 'lastOwner':
      return [new LastOwner(['userId'])]
    case 'changedMeanwhile':
      return [new UserChangedMeanwhile(result.user)]
    case 'invalid':
      return result.problems.map(problem => new InvalidField(problem.message, [problem.field]))
  }
}

/** Changes the roles and permissions of users. */
@Resolver(() => User)
export class AccessResolver {
  constructor(private readonly access: AccessService) {}

  @Mutation(() => ChangeAccessPayload, {
    description:
      'Changes the role and the individual permissions of a user. Requires access.manage. Callers cannot change their own access or that of a user who outranks them, grant more than they have, or demote the last owner.\n\nIf the access grows, and the password was set by someone else who could not set it now, the password expires and the sessions of the user end. Otherwise that person could use the new access.',
  })
  @RequirePermission('access.manage', 'CHANGE_ACCESS')
  @RequireRecentProof()
  async changeAccess(
    @Arg('input', () => ChangeAccessInput, { description: 'The user and their new access.' })
    input: ChangeAccessInput,
    @Ctx() context: Context,
  ): Promise<ChangeAccessPayload> {
    const caller = context.requireSignedIn()
    const change = { ...input, version: input.version ?? undefined }
    const result = await this.access.change(caller, change, context.origin)
    const payload = new ChangeAccessPayload()
    if (result.kind === 'changed') payload.user = result.user && userOf(result.user)
    payload.errors = errorsOf(result)
    return payload
  }

  @Mutation(() => ChangeRolesPayload, {
    description: `Gives many users a role, by the rules of \`changeAccess\`. The permissions granted to and withdrawn from each user stay.

Returns a result for each user. A user who already has the role keeps it.`,
  })
  @RequirePermission('access.manage', 'CHANGE_ACCESS')
  @RequireRecentProof()
  async changeRoles(
    @Arg('input', () => ChangeRolesInput, { description: 'The users and their new role.' })
    { userIds, role }: ChangeRolesInput,
    @Ctx() context: Context,
  ): Promise<ChangeRolesPayload> {
    const caller = context.requireSignedIn()
    const outcomes = await this.access.changeRoles(caller, userIds, role, context.origin)
    return new ChangeRolesPayload(outcomes)
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not change the access of this user; null if they may.',
  })
  refusalToChangeAccess(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToChangeAccess)
  }
}
