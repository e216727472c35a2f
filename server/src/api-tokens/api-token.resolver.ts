import { refusalToManageSignIn } from '@rekey/shared/access'
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { permissionUnknown } from '../access/access-fields.js'
import {
  RequireRecentProof,
  SessionOnly,
  SignedIn,
  sessionOnlyDescription,
} from '../access/guards.js'
import { requirePermission } from '../access/require-permission.js'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import { InvalidField } from '../graphql/user-error.type.js'
import { userOf } from '../users/user.type.js'
import type { ApiTokenProblem, ApiTokenService } from './api-token.service.js'
import type { OwnedApiToken } from './api-token.store.js'
import {
  AllApiTokensArgs,
  ApiToken,
  ApiTokenConnection,
  ApiTokenExpiryInvalid,
  ApiTokenLimitReached,
  ApiTokenNameInvalid,
  ApiTokenNotFound,
  ApiTokensArgs,
  apiTokenCriteriaOf,
  CreateApiTokenInput,
  CreateApiTokenPayload,
  PermissionNotHeld,
  RevokeApiTokenInput,
  RevokeApiTokenPayload,
} from './api-token.type.js'

const errorOf = (problem: ApiTokenProblem) => {
  switch (problem.kind) {
    case 'nameInvalid':
      return new ApiTokenNameInvalid()
    case 'permissionNotHeld':
      return new PermissionNotHeld(problem.permission)
    case 'permissionUnknown':
      return new InvalidField(permissionUnknown, ['permissions'])
    case 'expiryInvalid':
      return new ApiTokenExpiryInvalid(problem.maxDays)
    case 'limitReached':
      return new ApiTokenLimitReached()
  }
}

/** Lists API tokens, and creates and revokes the caller's own. */
@Resolver()
export class ApiTokenResolver {
  constructor(private readonly apiTokens: ApiTokenService) {}

  @Query(() => ApiTokenConnection, {
    name: 'apiTokens',
    description: `A page of the caller’s own API tokens, newest first. Expired tokens are listed for 30 days. ${sessionOnlyDescription}`,
  })
  async apiTokenList(
    @Args(() => ApiTokensArgs) args: ApiTokensArgs,
    @Ctx() context: Context,
  ): Promise<ApiTokenConnection> {
    const caller = context.requireSession()
    const page = await this.apiTokens.list(caller.id, pageArgumentsOf(args))
    return ApiTokenConnection.of(page, userOf(caller))
  }

  @Query(() => ApiTokenConnection, {
    description:
      'A page of the API tokens of all users, newest first. Expired tokens are listed for 30 days. Requires users.manage. `revokeUserApiToken` revokes a token of another user.',
  })
  async allApiTokens(
    @Args(() => AllApiTokensArgs) args: AllApiTokensArgs,
    @Ctx() context: Context,
  ): Promise<ApiTokenConnection<OwnedApiToken>> {
    const caller = context.requireSignedIn()
    requirePermission(caller, 'users.manage')
    const criteria = apiTokenCriteriaOf(args)
    const page = await this.apiTokens.listEverybodys(pageArgumentsOf(args), criteria)
    return new ApiTokenConnection(page, ({ apiToken, user }) => {
      const listed = new ApiToken(apiToken, userOf(user))
      const isOwn = user.id === caller.id && caller.session !== null
      // Addresses show how a user works. `User.sessions` hides them from the same callers.
      if (!isOwn && refusalToManageSignIn(caller, user) !== null) listed.lastUsedIp = null
      return listed
    })
  }

  @Mutation(() => CreateApiTokenPayload, {
    description:
      'Creates an API token for the caller, and returns it; it is never shown again. The token is limited to its own permissions and to those of its owner. If the owner loses a permission, the token loses it at once. Rekey notifies the owner by mail.',
  })
  @SignedIn()
  @RequireRecentProof()
  @SessionOnly()
  async createApiToken(
    @Arg('input', () => CreateApiTokenInput, { description: 'The token to create.' })
    input: CreateApiTokenInput,
    @Ctx() context: Context,
  ): Promise<CreateApiTokenPayload> {
    const caller = context.requireSession()
    const result = await this.apiTokens.create(caller, input, context.origin)
    const payload = new CreateApiTokenPayload()
    if (result.kind === 'created') {
      payload.apiToken = new ApiToken(result.apiToken, userOf(caller))
      payload.token = result.token
    } else payload.errors = result.problems.map(errorOf)
    return payload
  }

  @Mutation(() => RevokeApiTokenPayload, {
    description: 'Revokes one of the caller’s own API tokens. It stops working at once.',
  })
  @SignedIn()
  @SessionOnly()
  async revokeApiToken(
    @Arg('input', () => RevokeApiTokenInput, { description: 'The token to revoke.' })
    { apiTokenId }: RevokeApiTokenInput,
    @Ctx() context: Context,
  ): Promise<RevokeApiTokenPayload> {
    const caller = context.requireSession()
    const payload = new RevokeApiTokenPayload()
    if (await this.apiTokens.revoke(caller, apiTokenId, context.origin)) {
      payload.revokedApiTokenId = apiTokenId
    } else payload.errors = [new ApiTokenNotFound()]
    return payload
  }
}
