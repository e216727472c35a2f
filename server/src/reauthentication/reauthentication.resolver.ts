import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { SessionOnly, SignedIn } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { CurrentPasswordIncorrect } from '../passwords/change-password.type.js'
import { SecondFactorIncorrect } from '../second-factor/second-factor.type.js'
import type { ReauthenticationResult, ReauthenticationService } from './reauthentication.service.js'
import { ReauthenticateInput, ReauthenticatePayload } from './reauthentication.type.js'

const errorOf = (
  result: Exclude<ReauthenticationResult, { kind: 'proved' }>,
  input: ReauthenticateInput,
) => {
  switch (result.kind) {
    case 'passwordIncorrect':
      return new CurrentPasswordIncorrect(['password'])
    case 'secondFactorIncorrect':
      return new SecondFactorIncorrect([input.passkeyResponse == null ? 'code' : 'passkeyResponse'])
    case 'tooManyAttempts':
      return new TooManyAttempts(result.retryAfterSeconds, ['password'])
  }
}

/** Has the caller prove again who they are. */
@Resolver()
export class ReauthenticationResolver {
  constructor(private readonly reauthentication: ReauthenticationService) {}

  @Mutation(() => ReauthenticatePayload, {
    description: `Proves again who is calling. For ten minutes from then on the mutations that answer \`REAUTHENTICATION_REQUIRED\` go through; signing in counts as a proof as well, and so does changing a password for who has no second factor.

The session goes on with a fresh cookie. Wrong proofs make the caller wait, longer each time, together with wrong current passwords in \`changePassword\`, and wrong second factors with those at sign-in.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`RATE_LIMITED\`.`,
  })
  @SignedIn()
  @SessionOnly()
  async reauthenticate(
    @Arg('input', () => ReauthenticateInput, { description: 'The proof.' })
    input: ReauthenticateInput,
    @Ctx() context: Context,
  ): Promise<ReauthenticatePayload> {
    const { password, code = null, passkeyResponse = null } = input
    const result = await this.reauthentication.reauthenticate(
      context.requireSession({ evenIfSecondFactorMissing: true }),
      { password, code, passkeyResponse, deviceToken: context.deviceToken },
      context.origin,
    )
    const payload = new ReauthenticatePayload()
    if (result.kind === 'proved') context.cookies.set({ session: result.token })
    else payload.errors = [errorOf(result, input)]
    return payload
  }
}
