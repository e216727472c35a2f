import {
  type Permission,
  permissions,
  permissionsOf,
  type Role,
  roles,
  type UserStatus,
  userStatuses,
} from '@rekey/shared/access'
import { GraphQLDateTimeISO, GraphQLJSONObject } from 'graphql-scalars'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Node } from '../nodes/node.type.js'
import { formatPhone } from '../phone-numbers/phone.js'
import type { ListedUser } from './user.entity.js'
import { metadataOf } from './user-fields.js'
import { fullNameOf } from './user-keys.js'

/** The roles, as an enum of the schema. */
export const RoleEnum = Object.fromEntries(roles.map(role => [role, role])) as { [R in Role]: R }

registerEnumType(RoleEnum, {
  name: 'Role',
  description:
    'A set of permissions with a rank. A user cannot manage users whose role outranks their own.',
  valuesConfig: {
    OWNER: { description: 'The highest rank, with every permission.' },
    ADMIN: { description: 'Can manage settings and users, except owners.' },
    MEMBER: { description: 'Can see and edit their own profile.' },
  },
})

/** The statuses, as an enum of the schema. */
export const UserStatusEnum = Object.fromEntries(userStatuses.map(status => [status, status])) as {
  [S in UserStatus]: S
}

registerEnumType(UserStatusEnum, {
  name: 'UserStatus',
  description: 'The state of a user. Only an active one can sign in.',
  valuesConfig: {
    INVITED: {
      description:
        'The user was added, but the account is not active yet. It becomes active when the user accepts the invitation, or when an administrator sets the password.',
    },
    ACTIVE: { description: 'The user can sign in.' },
    BLOCKED: { description: 'The user was blocked and cannot sign in.' },
  },
})

/** A user as the API returns them. */
// With simple resolvers, because a page has hundreds of these fields.
@ObjectType({
  implements: Node,
  description: 'A person with a profile and a login.',
  simpleResolvers: true,
})
export class User implements Node {
  @Field(() => ID, { description: 'The opaque, stable id of the user.' })
  id: string

  @Field(() => String, {
    description:
      'The login: an e-mail address with its domain in Unicode. Unique in any spelling; see `sharedMailboxes` for the exception.',
  })
  login: string

  @Field(() => String, { description: 'The first name.' })
  firstName: string

  @Field(() => String, { description: 'The last name; empty for people who have only one name.' })
  lastName: string

  @Field(() => String, { description: 'The full name: first and last name.' })
  name: string

  @Field(() => String, {
    nullable: true,
    description:
      'The phone number in E.164, such as +48601234567, or as it was typed if it is no valid number or has an extension; null if there is none.',
  })
  phone: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'The id of the user in another system, such as a directory; unique. Null if there is none.',
  })
  externalId: string | null

  @Field(() => String, {
    description: 'The preferred language as a BCP 47 tag, such as en or pt-BR.',
  })
  language: string

  @Field(() => RoleEnum, { description: 'The role, which grants the permissions.' })
  role: Role

  @Field(() => UserStatusEnum, {
    description: 'The status, which decides whether the user can sign in.',
  })
  status: UserStatus

  @Field(() => [String], {
    description: 'Permissions granted to this user in addition to those of their role.',
  })
  grantedPermissions: readonly Permission[]

  @Field(() => [String], {
    description:
      'Permissions of their role that are withdrawn from this user. They have no effect on an owner.',
  })
  withdrawnPermissions: readonly Permission[]

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the user last signed in; null if never.',
  })
  lastSignInAt: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'When the password was last changed, or removed by `secureUser`; null if the user never had a password.',
  })
  passwordChangedAt: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'When the user last used a link that was sent to their login, an invitation or a password reset, and so proved that they receive its mail. Null if they have not, or not since the login changed, or if an earlier version did not record it.',
  })
  loginVerifiedAt: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the login was last changed to another mailbox; null if never.',
  })
  loginChangedAt: Date | null

  @Field(() => Boolean, {
    description:
      'Whether the user must choose a new password at the next sign-in, because someone else wants them to. For the viewer, and for the user of a sign-in, also true if the password is too old: see passwordDeadline.',
  })
  mustChangePassword: boolean

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'When the password stops working, because someone else set it and the user has not changed it: see PasswordAgeSettings.temporaryPasswordHours. Null for every other password.',
  })
  passwordExpiresAt: Date | null

  @Field(() => Boolean, {
    description:
      'Whether someone else set the password, and the user must replace it. Then `withdrawPasswordChangeRequirement` is refused.',
  })
  passwordTemporary: boolean

  @Field(() => GraphQLDateTimeISO, { description: 'When the user was added.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When the user was last changed.' })
  updatedAt: Date

  @Field(() => Int, {
    description:
      'Counts the edits of the profile. Pass it to updateUser, so that the server rejects a stale edit.',
  })
  version: number

  constructor(private readonly user: ListedUser) {
    this.id = user.id
    this.login = user.login
    this.firstName = user.firstName
    this.lastName = user.lastName
    this.name = fullNameOf(user)
    this.phone = user.phone
    this.externalId = user.externalId
    this.language = user.language
    this.role = user.role
    this.status = user.status
    this.grantedPermissions = user.grantedPermissions
    this.withdrawnPermissions = user.withdrawnPermissions
    this.lastSignInAt = user.lastSignInAt
    this.passwordChangedAt = user.passwordChangedAt
    this.loginVerifiedAt = user.loginVerifiedAt
    this.loginChangedAt = user.loginChangedAt
    this.mustChangePassword = user.mustChangePassword
    this.passwordExpiresAt = user.passwordExpiresAt
    this.passwordTemporary = user.passwordTemporary
    this.createdAt = user.createdAt
    this.updatedAt = user.updatedAt
    this.version = user.version
  }

  @Field(() => String, {
    nullable: true,
    description:
      'The phone number as it is shown: in the international format, such as +48 601 234 567, or as it was typed if it is no valid number or has an extension. Null if there is none.',
  })
  phoneFormatted(): string | null {
    return this.user.phone === null ? null : formatPhone(this.user.phone)
  }

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'What another system stores about the user, a JSON object without a meaning for Rekey. Never store secrets in it: everyone who can read the profile can read it. Null if there is nothing.',
  })
  metadata(): Record<string, unknown> | null {
    return metadataOf(this.user)
  }

  @Field(() => [String], {
    description: `The user’s permissions: those of the role and those granted in addition, without those withdrawn. Each is one of ${permissions.join(', ')}.`,
  })
  permissions(): readonly string[] {
    return permissionsOf(this.user)
  }
}

/** The user of a row, as the API returns it: without the hash. */
export const userOf = (user: ListedUser): User => new User(user)
