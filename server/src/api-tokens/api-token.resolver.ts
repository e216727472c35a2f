import { permissions } from '@rekey/shared/access'
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import {
  RequireRecentProof,
  SessionOnly,
  SignedIn,
  sessionOnlyDescription,
} from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import { InvalidField } from '../graphql/user-error.type.js'
import type { ApiTokenProblem, ApiTokenService } from './api-token.service.js'
import {
  ApiToken,
  ApiTokenConnection,
  ApiTokenExpiryInvalid,
  ApiTokenLimitReached,
  ApiTokenNameInvalid,
  ApiTokenNotFound,
  ApiTokensArgs,
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
      return new InvalidField(`Permissions are any of ${permissions.join(', ')}.`, ['permissions'])
    case 'expiryInvalid':
      return new ApiTokenExpiryInvalid()
    case 'limitReached':
      return new ApiTokenLimitReached()
  }
}

/** Everyone's own API tokens. */
@Resolver()
export class ApiTokenResolver {
  constructor(private readonly apiTokens: ApiTokenService) {}

  @Query(() => ApiTokenConnection, {
    name: 'apiTokens',
    description: `The caller’s own API tokens, newest first, a page at a time: those that work, and for 30 days those that have expired. ${sessionOnlyDescription}`,
  })
  async apiTokenList(
    @Args(() => ApiTokensArgs) args: ApiTokensArgs,
    @Ctx() context: Context,
  ): Promise<ApiTokenConnection> {
    const caller = context.requireSession()
    return new ApiTokenConnection(await this.apiTokens.list(caller, pageArgumentsOf(args)), caller)
  }

  @Mutation(() => CreateApiTokenPayload, {
    description:
      'Creates an API token for the caller, and tells it this once. It may do no more than its permissions and no more than its owner: what the owner loses it loses at once. A notice goes to their e-mail address.',
  })
  @SignedIn()
  @RequireRecentProof()
  @SessionOnly()
  async createApiToken(
    @Arg('input', () => CreateApiTokenInput, { description: 'The token.' })
    input: CreateApiTokenInput,
    @Ctx() context: Context,
  ): Promise<CreateApiTokenPayload> {
    const caller = context.requireSession()
    const result = await this.apiTokens.create(caller, input, context.origin)
    const payload = new CreateApiTokenPayload()
    if (result.kind === 'created') {
      payload.apiToken = new ApiToken(result.apiToken, caller)
      payload.token = result.token
    } else payload.errors = result.problems.map(errorOf)
    return payload
  }

  @Mutation(() => RevokeApiTokenPayload, {
    description: 'Revokes one of the caller’s own API tokens, at once.',
  })
  @SignedIn()
  @SessionOnly()
  async revokeApiToken(
    @Arg('input', () => RevokeApiTokenInput, { description: 'Which.' })
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
