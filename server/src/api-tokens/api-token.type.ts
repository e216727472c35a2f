import { type Permission, permissions, permissionsOf } from '@rekey/shared/access'
import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { badInput } from '../graphql/api-error.js'
import type { CountedPage } from '../graphql/keyset-page.js'
import { MaxLength } from '../graphql/max-length.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { Node } from '../nodes/node.type.js'
import { apiTokenDays } from '../settings/security-settings.js'
import { User } from '../users/user.type.js'
import type { ApiTokenEntity } from './api-token.entity.js'
import {
  type ApiTokenCriteria,
  maxApiTokens,
  maxLifetimeDays,
  maxNameLength,
} from './api-token.service.js'

/** An API token, as its owner and administrators see it. */
@ObjectType({
  implements: Node,
  description:
    'A credential that lets a program call the API as its owner, with the header Authorization: Bearer. The token itself is returned only once, when it is created.',
})
export class ApiToken implements Node {
  @Field(() => ID, {
    description: 'An opaque, stable identifier. It is not the token, and grants no access.',
  })
  id: string

  @Field(() => String, { description: 'What the token is for, as its owner described it.' })
  name: string

  @Field(() => String, {
    description: 'The first characters of the token, such as rk_live_Ab3dEf, to recognize it.',
  })
  prefix: string

  @Field(() => [String], {
    description: `The permissions given to the token, any of ${permissions.join(', ')}.`,
  })
  permissions: readonly Permission[]

  @Field(() => [String], {
    description:
      'The permissions that the token can use now: those of its permissions that its owner holds too. If the owner loses a permission, the token loses it at once. If the owner gets it back, so does the token.',
  })
  effectivePermissions: readonly Permission[]

  @Field(() => GraphQLDateTimeISO, { description: 'When it was created.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, {
    description: 'When it expires. It is listed for another 30 days.',
  })
  expiresAt: Date

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it was last used, to the minute; null if never.',
  })
  lastUsedAt: Date | null

  @Field(() => String, {
    nullable: true,
    description:
      'The address it was last used from; null if never. In `allApiTokens` also null for the tokens of users on whom the caller may not act.',
  })
  lastUsedIp: string | null

  @Field(() => Boolean, {
    description:
      'Whether it is suspended because its owner is blocked. A suspended token is invalid until `unblockUsers` restores it.',
  })
  suspended: boolean

  @Field(() => User, { description: 'The user as whom the token calls the API.' })
  owner: User

  constructor(apiToken: ApiTokenEntity, owner: User) {
    this.id = apiToken.id
    this.name = apiToken.name
    this.prefix = apiToken.prefix
    this.permissions = apiToken.permissions
    const held = permissionsOf(owner)
    this.effectivePermissions = apiToken.permissions.filter(permission => held.includes(permission))
    this.createdAt = apiToken.createdAt
    this.expiresAt = apiToken.expiresAt
    this.lastUsedAt = apiToken.lastUsedAt
    this.lastUsedIp = apiToken.lastUsedIp
    this.suspended = apiToken.suspendedAt !== null
    this.owner = owner
  }
}

/** Arguments of the list of API tokens. */
@ArgsType()
export class ApiTokensArgs extends PageArgs {}

const daysRange = `from ${apiTokenDays.least} to ${apiTokenDays.greatest}`

/** A filter for a list of everybody's API tokens. */
@InputType({
  description:
    'A filter for a list of API tokens. Fields that are left out do not filter. Every field but userId leaves out expired tokens.',
})
export class ApiTokenFilter {
  @Field(() => ID, { nullable: true, description: 'The tokens of this user.' })
  userId?: string | null

  @Field(() => Int, {
    nullable: true,
    description: `Tokens that expire within this many days, ${daysRange}.`,
  })
  expiresWithinDays?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `Tokens that were created at least this many days ago, ${daysRange}, and not used since then.`,
  })
  unusedForDays?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `Tokens that expire more than this many days after they were created, ${daysRange}.`,
  })
  lifetimeOverDays?: number | null
}

const daysOf = (
  filter: ApiTokenFilter,
  name: 'expiresWithinDays' | 'unusedForDays' | 'lifetimeOverDays',
): number | undefined => {
  const days = filter[name]
  if (days == null) return undefined
  if (days < apiTokenDays.least || days > apiTokenDays.greatest) {
    throw badInput(`${name} must be ${apiTokenDays.least} to ${apiTokenDays.greatest}.`)
  }
  return days
}

/** Arguments of the list of everybody's API tokens. */
@ArgsType()
export class AllApiTokensArgs extends PageArgs {
  @Field(() => ApiTokenFilter, { nullable: true, description: 'The filter for the list.' })
  filter?: ApiTokenFilter | null
}

/**
 * The criteria of a filter.
 *
 * @throws BAD_USER_INPUT if a number of days is out of its bounds.
 */
export const apiTokenCriteriaOf = ({ filter }: AllApiTokensArgs): ApiTokenCriteria =>
  filter == null
    ? {}
    : {
        userId: filter.userId ?? undefined,
        expiresWithinDays: daysOf(filter, 'expiresWithinDays'),
        unusedForDays: daysOf(filter, 'unusedForDays'),
        lifetimeOverDays: daysOf(filter, 'lifetimeOverDays'),
      }

/** An API token and its cursor. */
@ObjectType({ description: 'An API token and its cursor in a list.' })
class ApiTokenEdge {
  @Field(() => String, { description: 'The cursor of this token, to continue the list from.' })
  cursor!: string

  @Field(() => ApiToken, { description: 'The token.' })
  node!: ApiToken
}

/** One page of API tokens. */
@ObjectType({
  description: 'One page of API tokens, newest first (Relay Cursor Connections Specification).',
})
export class ApiTokenConnection<Row = ApiTokenEntity> {
  @Field(() => PageInfo, {
    description:
      'Whether there are pages before and after this one, and the cursors to request them.',
  })
  pageInfo: PageInfo

  constructor(
    private readonly page: CountedPage<Row>,
    private readonly tokenOf: (row: Row) => ApiToken,
  ) {
    this.pageInfo = pageInfoOf(page)
  }

  /** A page of the tokens of one user. */
  static of(page: CountedPage<ApiTokenEntity>, owner: User): ApiTokenConnection<ApiTokenEntity> {
    return new ApiTokenConnection(page, row => new ApiToken(row, owner))
  }

  @Field(() => [ApiTokenEdge], { description: 'The tokens with their cursors.' })
  edges(): ApiTokenEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: this.tokenOf(row),
    }))
  }

  @Field(() => [ApiToken], { description: 'The tokens without cursors.' })
  nodes(): ApiToken[] {
    return this.page.rows.map(this.tokenOf)
  }

  @Field(() => Int, { description: 'The number of tokens on all pages.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** A token to create. */
@InputType({ description: 'An API token to create.' })
export class CreateApiTokenInput {
  @MaxLength(1_000)
  @Field(() => String, {
    description: `What the token is for: 1 to ${maxNameLength} characters, no control characters.`,
  })
  name!: string

  @MaxLength(100)
  @Field(() => [String], {
    description: `The permissions of the token, any of ${permissions.join(', ')} that the caller holds. Without any, the token can read and edit only the caller’s own profile.`,
  })
  permissions!: string[]

  @Field(() => GraphQLDateTimeISO, {
    description: `When it expires: in the future, and at most SecuritySettings.apiTokenMaxDays from now, or ${maxLifetimeDays} days if that is null.`,
  })
  expiresAt!: Date
}

/** The name is invalid. */
@ObjectType({
  implements: UserError,
  description: `The name is empty, longer than ${maxNameLength} characters, or contains control characters.`,
})
export class ApiTokenNameInvalid extends UserError {
  constructor() {
    super(text('api-tokens.error.apiTokenNameInvalid', { max: maxNameLength }), ['name'])
  }
}

/** The caller requested a permission that they do not hold. */
@ObjectType({
  implements: UserError,
  description: 'The caller does not hold this permission, and so cannot give it to a token.',
})
export class PermissionNotHeld extends UserError {
  @Field(() => String, { description: 'The permission that the caller does not hold.' })
  permission: Permission

  constructor(permission: Permission) {
    super(text('api-tokens.error.permissionNotHeld', { permission }), ['permissions'])
    this.permission = permission
  }
}

/** The expiry is invalid. */
@ObjectType({
  implements: UserError,
  description: `The expiry is in the past, or more than SecuritySettings.apiTokenMaxDays from now, or ${maxLifetimeDays} days if that is null.`,
})
export class ApiTokenExpiryInvalid extends UserError {
  constructor(maxDays: number) {
    super(text('api-tokens.error.apiTokenExpiryInvalid', { days: maxDays }), ['expiresAt'])
  }
}

/** The caller has the maximum number of tokens. */
@ObjectType({
  implements: UserError,
  description: `The caller has ${maxApiTokens} unexpired tokens, which is the maximum.`,
})
export class ApiTokenLimitReached extends UserError {
  constructor() {
    super(text('api-tokens.error.apiTokenLimitReached', { max: maxApiTokens }), [])
  }
}

const CreateApiTokenError = createUnionType({
  name: 'CreateApiTokenError',
  description: 'Why an API token was not created.',
  types: () =>
    [
      ApiTokenNameInvalid,
      PermissionNotHeld,
      ApiTokenExpiryInvalid,
      ApiTokenLimitReached,
      InvalidField,
    ] as const,
})

/** The outcome of creating. */
@ObjectType({ description: 'The outcome of creating an API token.' })
export class CreateApiTokenPayload {
  @Field(() => ApiToken, {
    nullable: true,
    description: 'The token’s data; null if it was not created.',
  })
  apiToken: ApiToken | null = null

  @Field(() => String, {
    nullable: true,
    description:
      'The token itself. It is never returned again, because only its hash is stored. Null if it was not created.',
  })
  token: string | null = null

  @Field(() => [CreateApiTokenError], {
    description: 'All problems with the input; empty if the token was created.',
  })
  errors: (typeof CreateApiTokenError)[] = []
}

/** A token to revoke. */
@InputType({ description: 'An API token to revoke.' })
export class RevokeApiTokenInput {
  @Field(() => ID, { description: 'The id of one of the caller’s own tokens, from apiTokens.' })
  apiTokenId!: string
}

/** The token does not exist. */
@ObjectType({
  implements: UserError,
  description:
    'The user does not have an API token with this id, or no longer has it. The error is the same if another user has it.',
})
export class ApiTokenNotFound extends UserError {
  constructor() {
    super(text('api-tokens.error.apiTokenNotFound'), ['apiTokenId'])
  }
}

const RevokeApiTokenError = createUnionType({
  name: 'RevokeApiTokenError',
  description: 'Why an API token was not revoked.',
  types: () => [ApiTokenNotFound] as const,
})

/** The outcome of revoking. */
@ObjectType({ description: 'The outcome of revoking an API token.' })
export class RevokeApiTokenPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the revoked token; null if nothing was revoked.',
  })
  revokedApiTokenId: string | null = null

  @Field(() => [RevokeApiTokenError], {
    description: 'Why the token was not revoked; empty if it was.',
  })
  errors: (typeof RevokeApiTokenError)[] = []
}
