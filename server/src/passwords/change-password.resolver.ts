import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { RequirePermissionForOthers } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { TooManyAttempts, UserNotFound } from '../graphql/user-error.type.js'
import { PasswordExpired } from '../users/password-expired.type.js'
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
    case 'passwordExpired':
      return new PasswordExpired(['currentPassword'])
    case 'policyViolated':
      return new PasswordPolicyViolated(refusal.violations, ['newPassword'])
    case 'tooManyAttempts':
      return new TooManyAttempts(refusal.retryAfterSeconds, ['currentPassword'])
    case 'userNotFound':
      return new UserNotFound()
  }
}

/** Changes passwords. */
@Resolver()
export class ChangePasswordResolver {
  constructor(private readonly passwordChanges: ChangePasswordService) {}

  @Mutation(() => ChangePasswordPayload, {
    description: `Changes the caller's own password, or another user's. Changing another user's requires \`users.manage\`. That user's role must not outrank the caller's, and they must not hold a permission that the caller lacks.

The new password must meet \`passwordPolicy\`. The answer lists all errors at once. On success, the server ends every other session of the user and their reset links, and notifies them by mail. The caller's own session continues with a new cookie. A call with an API token has no session: all sessions of the user end, and the token stays valid. After wrong current passwords the caller must wait, longer each time.

A change for an \`INVITED\` user also activates the account: the status becomes \`ACTIVE\`, the invitation ends, and the mail is about the new account. A \`BLOCKED\` user stays blocked and cannot sign in until \`unblockUsers\`.

GraphQL errors: \`UNAUTHENTICATED\`, \`FORBIDDEN\`, \`RATE_LIMITED\`. Also \`REAUTHENTICATION_REQUIRED\` if a caller who has a second factor changes another user’s password, or if \`currentPassword\` is left out and the last proof of identity is too old.`,
  })
  @RequirePermissionForOthers('users.manage')
  async changePassword(
    @Arg('input', () => ChangePasswordInput, {
      description: 'The user, the new password, and the caller’s current password.',
    })
    input: ChangePasswordInput,
    @Ctx() context: Context,
  ): Promise<ChangePasswordPayload> {
    const caller = context.requireSignedIn({
      evenIfPasswordMustChange: true,
      // A caller who must enrol a second factor may have to change their own password first.
      evenIfSecondFactorMissing: (input.userId ?? context.caller?.id) === context.caller?.id,
    })
    const change = {
      userId: input.userId ?? undefined,
      currentPassword: input.currentPassword ?? undefined,
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
      payload.activated = result.activated
    }
    return payload
  }
}
