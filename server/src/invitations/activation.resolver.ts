import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Public } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { LinkInvalid } from '../one-time-links/one-time-link.type.js'
import { PasswordPolicyViolated } from '../passwords/password-policy.type.js'
import { userOf } from '../users/user.type.js'
import type { ActivationResult, ActivationService } from './activation.service.js'
import { ActivateUserInput, ActivateUserPayload } from './activation.type.js'

const errorOf = (result: Exclude<ActivationResult, { kind: 'active' }>, { origin }: Context) => {
  switch (result.kind) {
    case 'linkInvalid':
      return new LinkInvalid(result.status)
    case 'addressNotAllowed':
      return new AddressNotAllowed(origin.ip)
    case 'policyViolated':
      return new PasswordPolicyViolated(result.violations, ['password'])
  }
}

/** Makes invited users active. */
@Resolver()
export class ActivationResolver {
  constructor(private readonly activations: ActivationService) {}

  @Mutation(() => ActivateUserPayload, {
    description: `Sets the first password of an invited user and signs them in. Requires the token of the invitation’s link. The link works once.

GraphQL errors: \`RATE_LIMITED\`.`,
  })
  @Public()
  async activateUser(
    @Arg('input', () => ActivateUserInput, {
      description: 'The token of the link, and the password.',
    })
    { token, password }: ActivateUserInput,
    @Ctx() context: Context,
  ): Promise<ActivateUserPayload> {
    const previousToken = context.sessionToken
    const activation = { token, password, previousToken }
    const result = await this.activations.activateUser(activation, context.origin)
    const payload = new ActivateUserPayload()
    if (result.kind === 'active') {
      context.cookies.set({ session: result.sessionToken })
      context.cookies.set({ device: result.deviceToken })
      payload.user = userOf(result.user)
    } else {
      payload.errors = [errorOf(result, context)]
    }
    return payload
  }
}
