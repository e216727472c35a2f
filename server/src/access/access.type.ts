import type { Role } from '@rekey/shared/access'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import { UserChangedMeanwhile } from '../users/update-user.type.js'
import { RoleEnum, User } from '../users/user.type.js'
import { UserResultsPayload } from '../users/user-result.type.js'
import { AccessDenied, LastOwner } from './access-denied.type.js'

/** What someone's access is to be. */
@InputType({ description: 'A change of a user’s role and single permissions.' })
export class ChangeAccessInput {
  @Field(() => ID, { description: 'Whose access. Never one’s own.' })
  userId!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'The version of the profile the change began from. When it is no longer the newest, nothing is changed; left out, the change overwrites.',
  })
  version?: number | null

  @Field(() => RoleEnum, { description: 'The role; none above the caller’s own.' })
  role!: Role

  @Field(() => [String], {
    description:
      'Permissions to grant beyond those of the role; only such as the caller holds. See User.permissions for their names.',
  })
  grantedPermissions!: string[]

  @Field(() => [String], {
    description:
      'Permissions of the role to withdraw. A permission can’t be granted and withdrawn at once.',
  })
  withdrawnPermissions!: string[]
}

const ChangeAccessError = createUnionType({
  name: 'ChangeAccessError',
  description: 'Why someone’s access was not changed.',
  types: () => [UserNotFound, AccessDenied, LastOwner, UserChangedMeanwhile, InvalidField] as const,
})

/** The outcome of a change of access. */
@ObjectType({ description: 'The outcome of a change of access.' })
export class ChangeAccessPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The user as they are now; null when refused.',
  })
  user: User | null = null

  @Field(() => [ChangeAccessError], {
    description: 'Empty when it was changed. Otherwise nothing was changed.',
  })
  errors: (typeof ChangeAccessError)[] = []
}

/** One role for several users. */
@InputType({ description: 'A role to be given to several users.' })
export class ChangeRolesInput {
  @Field(() => [ID], { description: 'Whose role: 1 to 100 ids.' })
  userIds!: string[]

  @Field(() => RoleEnum, { description: 'The role; none above the caller’s own.' })
  role!: Role
}

/** The outcome of giving a role to several users. */
@ObjectType({ description: 'The outcome of giving a role to several users.' })
export class ChangeRolesPayload extends UserResultsPayload {}
