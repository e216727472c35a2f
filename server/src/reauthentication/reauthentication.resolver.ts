import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { SessionOnly, SignedIn } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { CurrentPasswordIncorrect } from '../passwords/change-password.type.js'
import { SecondFactorIncorrect } from '../second-factor/second-factor.type.js'
import { PasswordExpired } from '../users/password-expired.type.js'
import type { ReauthenticationResult, ReauthenticationService } from './reauthentication.service.js'
import { ReauthenticateInput, ReauthenticatePayload } from './reauthentication.type.js'

const errorOf = (
  result: Exclude<ReauthenticationResult, { kind: 'proved' }>,
  input: ReauthenticateInput,
) => {
  switch (result.kind) {
    case 'passwordIncorrect':
      return new CurrentPasswordIncorrect(['password'])
    case 'passwordExpired':
      return new PasswordExpired(['password'])
    case 'secondFactorIncorrect':
      return new SecondFactorIncorrect([input.passkeyResponse == null ? 'code' : 'passkeyResponse'])
    case 'tooManyAttempts':
      return new TooManyAttempts(result.retryAfterSeconds, ['password'])
  }
}

/** Lets the caller confirm their identity again. */
@Resolver()
export class ReauthenticationResolver {
  constructor(private readonly reauthentication: ReauthenticationService) {}

  @Mutation(() => ReauthenticatePayload, {
    description: `Confirms the identity of the caller. For the next ten minutes, the caller can use the mutations that otherwise return \`REAUTHENTICATION_REQUIRED\`. Signing in counts as a confirmation too. So does changing the password, if the caller has no second factor.

The session continues with a new cookie. Wrong passwords are throttled together with wrong current passwords in \`changePassword\`, and wrong second factors together with those at sign-in. Each failure makes the wait longer.

Top-level GraphQL errors: \`UNAUTHENTICATED\`, \`RATE_LIMITED\`.`,
  })
  @SignedIn()
  @SessionOnly()
  async reauthenticate(
    @Arg('input', () => ReauthenticateInput, {
      description: 'The password, and the second factor if the caller has one.',
    })
    input: ReauthenticateInput,
    @Ctx() context: Context,
  ): Promise<ReauthenticatePayload> {
    const { password, code = null, passkeyResponse = null } = input
    const result = await this.reauthentication.reauthenticate(
      context.requireSession({
        evenIfPasswordMustChange: true,
        evenIfSecondFactorMissing: true,
      }),
      { password, code, passkeyResponse, deviceToken: context.deviceToken },
      context.origin,
    )
    const payload = new ReauthenticatePayload()
    if (result.kind === 'proved') context.cookies.set({ session: result.token })
    else payload.errors = [errorOf(result, input)]
    return payload
  }
}
