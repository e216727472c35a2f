import {
  type Permission,
  permissions,
  permissionsOf,
  type Role,
  roles,
  type UserStatus,
  userStatuses,
} from '@rekey/shared/access'
import { GraphQLDateTimeISO } from 'graphql-scalars'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { formatPhone } from '../phone-numbers/phone.js'
import type { ListedUser } from './user.entity.js'
import { fullNameOf } from './user-keys.js'

/** Roles as an enum of the schema. */
export const RoleEnum = Object.fromEntries(roles.map(role => [role, role])) as { [R in Role]: R }

registerEnumType(RoleEnum, {
  name: 'Role',
  description:
    'A bundle of permissions with a rank. Nobody manages a role that outranks their own.',
  valuesConfig: {
    OWNER: { description: 'The highest rank, with every permission.' },
    ADMIN: { description: 'Manages users and settings, but no owner.' },
    MEMBER: { description: 'Sees and edits their own profile.' },
  },
})

/** Statuses as an enum of the schema. */
export const UserStatusEnum = Object.fromEntries(userStatuses.map(status => [status, status])) as {
  [S in UserStatus]: S
}

registerEnumType(UserStatusEnum, {
  name: 'UserStatus',
  description: 'The state of a user. Only an active one can sign in.',
  valuesConfig: {
    INVITED: { description: 'Was added and has not accepted yet.' },
    ACTIVE: { description: 'Can sign in.' },
    BLOCKED: { description: 'Was shut out by someone who manages users.' },
  },
})

/** A person as the API shows them. */
// Read as they are: a page holds hundreds of these fields.
@ObjectType({ description: 'A person with a profile and a login.', simpleResolvers: true })
export class User {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => String, {
    description:
      'What they sign in with: an e-mail address with its domain in Unicode. Unique in any spelling; see `sharedMailboxes` for the exception.',
  })
  login: string

  @Field(() => String, { description: 'First name.' })
  firstName: string

  @Field(() => String, { description: 'Last name; empty for people who have but one name.' })
  lastName: string

  @Field(() => String, { description: 'First and last name in one.' })
  name: string

  @Field(() => String, {
    nullable: true,
    description:
      'The phone number in E.164, such as +48601234567, or as it was typed if it is no valid number or has an extension; null if there is none.',
  })
  phone: string | null

  @Field(() => String, { description: 'Preferred language as a BCP 47 tag, such as en or pt-BR.' })
  language: string

  @Field(() => RoleEnum, { description: 'The role, which grants the permissions.' })
  role: Role

  @Field(() => UserStatusEnum, { description: 'Whether they can sign in.' })
  status: UserStatus

  @Field(() => [String], { description: 'Permissions granted to this user beyond their role.' })
  grantedPermissions: readonly Permission[]

  @Field(() => [String], {
    description:
      'Permissions of their role that are withdrawn from this user. Without effect on an owner.',
  })
  withdrawnPermissions: readonly Permission[]

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When they last signed in; null when never.',
  })
  lastSignInAt: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the password was last changed; null while there is none.',
  })
  passwordChangedAt: Date | null

  @Field(() => Boolean, { description: 'Whether the next sign-in asks for a new password.' })
  mustChangePassword: boolean

  @Field(() => GraphQLDateTimeISO, { description: 'When the user was added.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When the user was last changed.' })
  updatedAt: Date

  @Field(() => Int, {
    description: 'Counts the edits of the profile. Hand it to updateUser to notice a stale edit.',
  })
  version: number

  constructor(private readonly user: ListedUser) {
    this.id = user.id
    this.login = user.login
    this.firstName = user.firstName
    this.lastName = user.lastName
    this.name = fullNameOf(user)
    this.phone = user.phone
    this.language = user.language
    this.role = user.role
    this.status = user.status
    this.grantedPermissions = user.grantedPermissions
    this.withdrawnPermissions = user.withdrawnPermissions
    this.lastSignInAt = user.lastSignInAt
    this.passwordChangedAt = user.passwordChangedAt
    this.mustChangePassword = user.mustChangePassword
    this.createdAt = user.createdAt
    this.updatedAt = user.updatedAt
    this.version = user.version
  }

  @Field(() => String, {
    nullable: true,
    description:
      'The phone number as people read it: in the international format, such as +48 601 234 567, or as it was typed if it is no valid number or has an extension. Null if there is none.',
  })
  phoneFormatted(): string | null {
    return this.user.phone === null ? null : formatPhone(this.user.phone)
  }

  @Field(() => [String], {
    description: `What they may do: what the role grants and what is granted beside it, without what is withdrawn. Any of ${permissions.join(', ')}.`,
  })
  permissions(): readonly string[] {
    return permissionsOf(this.user)
  }
}

/** The API's view of a row. The hash stays behind. */
export const userOf = (user: ListedUser): User => new User(user)
