import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { RequirePermissionForOthers } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { TooManyAttempts, UserNotFound } from '../graphql/user-error.type.js'
import { userOf } from '../users/user.type.js'
import type { ChangePasswordService, PasswordChangeRefusal } from './change-password.service.js'
import {
  ChangePasswordInput,
  ChangePasswordPayload,
  CurrentPasswordIncorrect,
} from './change-password.type.js'
import { PasswordPolicyViolated } from './password-policy.type.js'

const errorOf = (refusal: PasswordChangeRefusal) => {
  switch (refusal.kind) {
    case 'currentPasswordIncorrect':
      return new CurrentPasswordIncorrect()
    case 'policyViolated':
      return new PasswordPolicyViolated(refusal.violations, ['newPassword'])
    case 'tooManyAttempts':
      return new TooManyAttempts(refusal.retryAfterSeconds, ['currentPassword'])
    case 'userNotFound':
      return new UserNotFound()
  }
}

/** The mutation Rekey exists for. */
@Resolver()
export class ChangePasswordResolver {
  constructor(private readonly passwordChanges: ChangePasswordService) {}

  @Mutation(() => ChangePasswordPayload, {
    description: `Changes a password: the caller's own or, with \`users.manage\`, that of someone whose role is not higher than theirs and who holds no permission that they do not.

The new password is judged by \`passwordPolicy\`; all that is wrong is told at once. On success every other session of the profile ends, its reset links die, and a notice goes to its e-mail address; the caller's own session goes on with a fresh cookie. A caller with an API token has no session: then all of them end, and the token goes on. Wrong current passwords make the caller wait, longer each time.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`, \`RATE_LIMITED\`; for another’s password, from a caller with a second factor, \`REAUTHENTICATION_REQUIRED\`.`,
  })
  @RequirePermissionForOthers('users.manage')
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'What to change, and the proof.' })
    input: ChangePasswordInput,
    @Ctx() context: Context,
  ): Promise<ChangePasswordPayload> {
    const caller = context.requireSignedIn({
      evenIfPasswordMustChange: true,
      // One's own may have to be changed as well, and then it is asked for first.
      evenIfSecondFactorMissing: (input.userId ?? context.caller?.id) === context.caller?.id,
    })
    const change = {
      userId: input.userId ?? undefined,
      currentPassword: input.currentPassword,
      newPassword: input.newPassword,
      requireChangeAtNextSignIn: input.requireChangeAtNextSignIn ?? true,
    }
    const result = await this.passwordChanges.changePassword(caller, change, context.origin)
    const payload = new ChangePasswordPayload()
    if (result.kind === 'refused') {
      payload.errors = result.refusals.map(errorOf)
    } else {
      if (result.sessionToken !== null) context.cookies.set({ session: result.sessionToken })
      if (result.deviceToken !== null) context.cookies.set({ device: result.deviceToken })
      payload.user = userOf(result.user)
    }
    return payload
  }
}
