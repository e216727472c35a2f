import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Public } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { LinkInvalid } from '../one-time-links/one-time-link.type.js'
import { userOf } from '../users/user.type.js'
import { PasswordPolicyViolated } from './password-policy.type.js'
import type { RequestPasswordResetService } from './request-password-reset.service.js'
import type { ResetPasswordService } from './reset-password.service.js'
import {
  RequestPasswordResetInput,
  RequestPasswordResetPayload,
  ResetPasswordInput,
  ResetPasswordPayload,
} from './reset-password.type.js'

/** Replaces forgotten passwords. */
@Resolver()
export class ResetPasswordResolver {
  constructor(
    private readonly requests: RequestPasswordResetService,
    private readonly resets: ResetPasswordService,
  ) {}

  @Mutation(() => RequestPasswordResetPayload, {
    description: `Asks for a link that resets a forgotten password. If the login is that of an active user, a mail goes to it; the answer, and the time it takes, are the same if not.

The link works once, for 30 minutes, until another one is asked for or the password or the login is changed. Asking again and again makes the caller wait, longer each time.`,
  })
  @Public()
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, { description: 'Whose password.' })
    input: RequestPasswordResetInput,
    @Ctx() context: Context,
  ): Promise<RequestPasswordResetPayload> {
    const result = await this.requests.requestPasswordReset(input.login, context.origin)
    const payload = new RequestPasswordResetPayload()
    if (result.kind === 'tooManyAttempts') {
      payload.errors = [new TooManyAttempts(result.retryAfterSeconds, ['login'])]
    }
    return payload
  }

  @Mutation(() => ResetPasswordPayload, {
    description: `Replaces a forgotten password, for whoever holds the link that was sent by mail. It signs nobody in: the new password, and whatever else sign-in takes, is still asked for.

On success every session of the profile ends, its other links die, and a notice goes to its e-mail address.

Errors of GraphQL itself: \`RATE_LIMITED\`.`,
  })
  @Public()
  async resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The link, and the new password.' })
    input: ResetPasswordInput,
    @Ctx() context: Context,
  ): Promise<ResetPasswordPayload> {
    const { token, newPassword } = input
    const result = await this.resets.resetPassword({ token, newPassword }, context.origin)
    const payload = new ResetPasswordPayload()
    switch (result.kind) {
      case 'reset':
        context.cookies.set({ device: result.deviceToken })
        payload.user = userOf(result.user)
        break
      case 'linkInvalid':
        payload.errors = [new LinkInvalid(result.status)]
        break
      case 'addressNotAllowed':
        payload.errors = [new AddressNotAllowed(context.origin.ip)]
        break
      case 'policyViolated':
        payload.errors = [new PasswordPolicyViolated(result.violations, ['newPassword'])]
    }
    return payload
  }
}
