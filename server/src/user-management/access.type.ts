import type { Role } from '@rekey/shared/access'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import { UserChangedMeanwhile } from '../users/update-user.type.js'
import { RoleEnum, User } from '../users/user.type.js'
import { UserResultsPayload } from './user-result.type.js'

/** The new access of a user. */
@InputType({ description: 'The new access of a user. It replaces their current access.' })
export class ChangeAccessInput {
  @Field(() => ID, { description: 'The user whose access to change.' })
  userId!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'The version of the profile that the change began from. If it is no longer the newest, nothing is changed. Without it, the change overwrites other edits.',
  })
  version?: number | null

  @Field(() => RoleEnum, { description: 'The role. It must not outrank the caller’s own.' })
  role!: Role

  @MaxLength(100)
  @Field(() => [String], {
    description:
      'Permissions to grant in addition to those of the role. The caller must hold them.',
  })
  grantedPermissions!: string[]

  @MaxLength(100)
  @Field(() => [String], {
    description: 'Permissions of the role to withdraw. They have no effect on an owner.',
  })
  withdrawnPermissions!: string[]
}

const ChangeAccessError = createUnionType({
  name: 'ChangeAccessError',
  description: 'Why the access of the user was not changed.',
  types: () => [UserNotFound, AccessDenied, LastOwner, UserChangedMeanwhile, InvalidField] as const,
})

/** The result of a change of access. */
@ObjectType({ description: 'The result of a change of access.' })
export class ChangeAccessPayload {
  @Field(() => User, {
    nullable: true,
    description:
      'The updated user. Null if the change was refused, or if it changed nothing and the caller may not read the user.',
  })
  user: User | null = null

  @Field(() => [ChangeAccessError], {
    description: 'Empty if the user now has this access. Otherwise nothing was changed.',
  })
  errors: (typeof ChangeAccessError)[] = []
}

/** A role for a selection of users. */
@InputType({ description: 'A role for a selection of users.' })
export class ChangeRolesInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]

  @Field(() => RoleEnum, { description: 'Their new role. It must not outrank the caller’s own.' })
  role!: Role
}

/** The result of a change of roles. */
@ObjectType({ description: 'The result of a change of roles.' })
export class ChangeRolesPayload extends UserResultsPayload {}
