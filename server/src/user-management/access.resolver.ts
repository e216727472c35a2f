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

/** Changes who may do what. */
@Resolver(() => User)
export class AccessResolver {
  constructor(private readonly access: AccessService) {}

  @Mutation(() => ChangeAccessPayload, {
    description:
      'Changes the role and the single permissions of a user. Takes access.manage; nobody changes their own access or that of someone who outranks them, gives more than they have, or demotes the last owner.',
  })
  @RequirePermission('access.manage', 'CHANGE_ACCESS')
  @RequireRecentProof()
  async changeAccess(
    @Arg('input', () => ChangeAccessInput, { description: 'The access.' }) input: ChangeAccessInput,
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
    description: `Gives many users a role, by the rules of \`changeAccess\`. What is granted to and withdrawn from each of them stays.

Each user has an outcome of their own; who has the role already keeps it.`,
  })
  @RequirePermission('access.manage', 'CHANGE_ACCESS')
  @RequireRecentProof()
  async changeRoles(
    @Arg('input', () => ChangeRolesInput, { description: 'Whom, and the role.' })
    { userIds, role }: ChangeRolesInput,
    @Ctx() context: Context,
  ): Promise<ChangeRolesPayload> {
    const caller = context.requireSignedIn()
    const outcomes = await this.access.changeRoles(caller, userIds, role, context.origin)
    return new ChangeRolesPayload(outcomes)
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not change the access of this user; null when they may.',
  })
  refusalToChangeAccess(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToChangeAccess)
  }
}
