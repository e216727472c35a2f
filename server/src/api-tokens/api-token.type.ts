import { hasPermission, type Permission, permissions } from '@rekey/shared/access'
import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { MaxLength } from '../graphql/max-length.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import type { Caller } from '../users/caller.js'
import type { ApiTokenEntity } from './api-token.entity.js'
import { longestLifeDays, longestName, mostApiTokens } from './api-token.service.js'

/** An API token, as its owner is shown it. */
@ObjectType({
  description:
    'What a script or another system calls the API with, as Authorization: Bearer. It acts for its owner, and is told once: when it is created.',
})
export class ApiToken {
  @Field(() => ID, { description: 'Opaque and stable. Not the token: nothing is called with it.' })
  id: string

  @Field(() => String, { description: 'What it is for, in its owner’s words.' })
  name: string

  @Field(() => String, {
    description: 'What the token begins with, such as rk_live_Ab3dEf, to recognise it by.',
  })
  prefix: string

  @Field(() => [String], {
    description: `The permissions it was given. Any of ${permissions.join(', ')}.`,
  })
  permissions: readonly Permission[]

  @Field(() => [String], {
    description:
      'Those of its permissions that its owner holds now: what it may do. One that is taken from the owner is taken from the token at once, and comes back with it.',
  })
  effectivePermissions: readonly Permission[]

  @Field(() => GraphQLDateTimeISO, { description: 'When it was created.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, {
    description: 'When it stops working. It is listed for 30 days more.',
  })
  expiresAt: Date

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it was last used, to the minute; null when never.',
  })
  lastUsedAt: Date | null

  @Field(() => String, {
    nullable: true,
    description: 'The address it was last used from; null when never.',
  })
  lastUsedIp: string | null

  constructor(apiToken: ApiTokenEntity, owner: Caller) {
    this.id = apiToken.id
    this.name = apiToken.name
    this.prefix = apiToken.prefix
    this.permissions = apiToken.permissions
    this.effectivePermissions = apiToken.permissions.filter(permission =>
      hasPermission(owner, permission),
    )
    this.createdAt = apiToken.createdAt
    this.expiresAt = apiToken.expiresAt
    this.lastUsedAt = apiToken.lastUsedAt
    this.lastUsedIp = apiToken.lastUsedIp
  }
}

/** Arguments of the list of API tokens. */
@ArgsType()
export class ApiTokensArgs extends PageArgs {}

/** An API token with its place in a list. */
@ObjectType({ description: 'An API token with its place in a list.' })
class ApiTokenEdge {
  @Field(() => String, { description: 'The place of this token, to page on from.' })
  cursor!: string

  @Field(() => ApiToken, { description: 'The token.' })
  node!: ApiToken
}

/** One page of API tokens. */
@ObjectType({
  description:
    'One page of the caller’s own API tokens, newest first (Relay Cursor Connections Specification).',
})
export class ApiTokenConnection {
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(
    private readonly page: CountedPage<ApiTokenEntity>,
    private readonly owner: Caller,
  ) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [ApiTokenEdge], { description: 'The tokens with their places.' })
  edges(): ApiTokenEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new ApiToken(row, this.owner),
    }))
  }

  @Field(() => [ApiToken], { description: 'The tokens alone, for those who need no cursors.' })
  nodes(): ApiToken[] {
    return this.page.rows.map(row => new ApiToken(row, this.owner))
  }

  @Field(() => Int, { description: 'How many tokens there are, on all pages together.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** A token to be created. */
@InputType({ description: 'An API token to be created.' })
export class CreateApiTokenInput {
  @MaxLength(1_000)
  @Field(() => String, {
    description: `What it is for: 1 to ${longestName} characters, no control characters.`,
  })
  name!: string

  @MaxLength(100)
  @Field(() => [String], {
    description: `What it may do, at most: any of ${permissions.join(', ')} that the caller holds. Without any it reads and edits the caller’s own profile.`,
  })
  permissions!: string[]

  @Field(() => GraphQLDateTimeISO, {
    description: `When it stops working: in the future, and at most ${longestLifeDays} days from now.`,
  })
  expiresAt!: Date
}

/** The name does not fit. */
@ObjectType({
  implements: UserError,
  description: `The name is empty, longer than ${longestName} characters, or holds control characters.`,
})
export class ApiTokenNameInvalid extends UserError {
  constructor() {
    super(`Name takes 1 to ${longestName} characters, and no control characters.`, ['name'])
  }
}

/** More than the caller has was asked for. */
@ObjectType({
  implements: UserError,
  description: 'The caller does not hold this permission, and so can’t give it.',
})
export class PermissionNotHeld extends UserError {
  @Field(() => String, { description: 'The permission.' })
  permission: Permission

  constructor(permission: Permission) {
    super(`You don’t have the permission ${permission} yourself.`, ['permissions'])
    this.permission = permission
  }
}

/** The expiry does not fit. */
@ObjectType({
  implements: UserError,
  description: `The expiry is past, or more than ${longestLifeDays} days away.`,
})
export class ApiTokenExpiryInvalid extends UserError {
  constructor() {
    super(`Expiry takes a time in the future, at most ${longestLifeDays} days from now.`, [
      'expiresAt',
    ])
  }
}

/** There are enough. */
@ObjectType({
  implements: UserError,
  description: `The caller has ${mostApiTokens} tokens that have not expired: one has to be revoked first.`,
})
export class ApiTokenLimitReached extends UserError {
  constructor() {
    super(`You can have ${mostApiTokens} API tokens. Revoke one you no longer use.`, [])
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
  @Field(() => ApiToken, { nullable: true, description: 'It; null when it was not created.' })
  apiToken: ApiToken | null = null

  @Field(() => String, {
    nullable: true,
    description:
      'The token itself, told this once: only its hash is kept. Null when it was not created.',
  })
  token: string | null = null

  @Field(() => [CreateApiTokenError], {
    description: 'Empty when it was created; else all that is wrong, at once.',
  })
  errors: (typeof CreateApiTokenError)[] = []
}

/** A token to be revoked. */
@InputType({ description: 'An API token to be revoked.' })
export class RevokeApiTokenInput {
  @Field(() => ID, { description: 'The id of one of the caller’s own, as apiTokens gives it.' })
  apiTokenId!: string
}

/** There is no such token. */
@ObjectType({
  implements: UserError,
  description:
    'The caller has no API token with this id, or no longer. Whether someone else has is not told.',
})
export class ApiTokenNotFound extends UserError {
  constructor() {
    super('There is no such API token, or it was revoked already.', ['apiTokenId'])
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
  @Field(() => ID, { nullable: true, description: 'The id it had; null when it was not revoked.' })
  revokedApiTokenId: string | null = null

  @Field(() => [RevokeApiTokenError], { description: 'Empty when it was revoked.' })
  errors: (typeof RevokeApiTokenError)[] = []
}
