import type { Role } from '@rekey/shared/access'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import { UserChangedMeanwhile } from '../users/update-user.type.js'
import { RoleEnum, User } from '../users/user.type.js'
import { UserResultsPayload } from './user-result.type.js'

/** What someone may do from now on. */
@InputType({ description: 'What someone may do from now on, in place of what they may do now.' })
export class ChangeAccessInput {
  @Field(() => ID, { description: 'Whose access.' })
  userId!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'The version of the profile the change began from. When it is no longer the newest, nothing is changed; left out, the change overwrites.',
  })
  version?: number | null

  @Field(() => RoleEnum, { description: 'The role; at most the caller’s own.' })
  role!: Role

  @MaxLength(100)
  @Field(() => [String], {
    description: 'Permissions beyond those of the role; of those the caller holds.',
  })
  grantedPermissions!: string[]

  @MaxLength(100)
  @Field(() => [String], {
    description: 'Permissions of the role that are taken away. Without effect on an owner.',
  })
  withdrawnPermissions!: string[]
}

const ChangeAccessError = createUnionType({
  name: 'ChangeAccessError',
  description: 'Why the access was not changed.',
  types: () => [UserNotFound, AccessDenied, LastOwner, UserChangedMeanwhile, InvalidField] as const,
})

/** The outcome of a change of access. */
@ObjectType({ description: 'The outcome of a change of access.' })
export class ChangeAccessPayload {
  @Field(() => User, {
    nullable: true,
    description:
      'The user as they are now; null when refused, and when nothing changed and the caller may not read them.',
  })
  user: User | null = null

  @Field(() => [ChangeAccessError], {
    description: 'Empty when the access is as it was given. Otherwise nothing was changed.',
  })
  errors: (typeof ChangeAccessError)[] = []
}

/** A role for a selection of users. */
@InputType({ description: 'A role for a selection of users.' })
export class ChangeRolesInput {
  @Field(() => [ID], { description: '1 to 100 users.' })
  userIds!: string[]

  @Field(() => RoleEnum, { description: 'Their role from now on; at most the caller’s own.' })
  role!: Role
}

/** The outcome of a change of roles. */
@ObjectType({ description: 'The outcome of a change of roles.' })
export class ChangeRolesPayload extends UserResultsPayload {}
