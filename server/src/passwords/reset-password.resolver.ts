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
    description: `Requests a link that resets a forgotten password. If an active user has the login, the server sends the link to it by mail. If not, the answer and its time are the same.

The link works once, for 30 minutes. It ends earlier if another link is requested, or if the password or the login changes. After repeated requests the caller must wait, longer each time.`,
  })
  @Public()
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, {
      description: 'The login of the user who forgot their password.',
    })
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
    description: `Replaces a forgotten password. Requires the token of the link that was sent by mail. It does not sign the user in: sign-in still requires the new password and everything else it usually requires.

On success, the server ends every session of the user and their other reset links, and notifies them by mail.

GraphQL errors: \`RATE_LIMITED\`.`,
  })
  @Public()
  async resetPassword(
    @Arg('input', () => ResetPasswordInput, {
      description: 'The token of the link, and the new password.',
    })
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
