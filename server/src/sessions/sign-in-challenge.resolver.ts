import { Arg, Ctx, createUnionType, Field, Mutation, ObjectType, Resolver } from 'type-graphql'
import { Public, SessionOnly, SignedIn } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { SecondFactorIncorrect } from '../second-factor/second-factor.type.js'
import type { SignInChallengeService } from '../second-factor/sign-in-challenge.service.js'
import {
  AnswerChallengeInput,
  AnswerChallengePayload,
  BeginPasskeySignInPayload,
  BeginReauthenticationPayload,
  ChallengeExpired,
  CodeNotSent,
  LogInWithPasskeyInput,
  SendChallengeCodeInput,
  SendChallengeCodePayload,
  SignInChallenge,
} from '../second-factor/sign-in-challenge.type.js'
import { User, userOf } from '../users/user.type.js'
import type { SecondStepResult, SecondStepService } from './second-step.service.js'
import { AccountBlocked } from './session.type.js'

const LogInWithPasskeyError = createUnionType({
  name: 'LogInWithPasskeyError',
  description: 'Why the sign-in with a passkey failed.',
  types: () =>
    [
      SecondFactorIncorrect,
      ChallengeExpired,
      AccountBlocked,
      AddressNotAllowed,
      TooManyAttempts,
    ] as const,
})

/** The result of a sign-in with a passkey. */
@ObjectType({ description: 'The result of a sign-in with only a passkey.' })
export class LogInWithPasskeyPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The user who is now signed in; null if the sign-in failed.',
  })
  user: User | null = null

  @Field(() => [LogInWithPasskeyError], { description: 'Empty if the user is signed in.' })
  errors: (typeof LogInWithPasskeyError)[] = []
}

type Refusal = Exclude<SecondStepResult, { kind: 'signedIn' }>

const errorOf = (refusal: Refusal, path: string, { origin }: Context) => {
  switch (refusal.kind) {
    case 'incorrect':
      return new SecondFactorIncorrect([path])
    case 'expired':
      return new ChallengeExpired()
    case 'blocked':
      return new AccountBlocked()
    case 'addressNotAllowed':
      return new AddressNotAllowed(origin.ip)
    case 'tooManyAttempts':
      return new TooManyAttempts(refusal.retryAfterSeconds, [path])
  }
}

/** Sends the cookies of a user who is now signed in. */
const signIn = (
  result: Extract<SecondStepResult, { kind: 'signedIn' }>,
  context: Context,
): User => {
  context.cookies.set({ session: result.token })
  if (result.deviceToken !== null) context.cookies.set({ device: result.deviceToken })
  if (result.trustedDeviceToken !== null)
    context.cookies.set({ trustedDevice: result.trustedDeviceToken })
  return userOf(result.user)
}

/** Handles second steps and sign-ins with a passkey. */
@Resolver()
export class SignInChallengeResolver {
  constructor(
    private readonly challenges: SignInChallengeService,
    private readonly steps: SecondStepService,
  ) {}

  @Mutation(() => SendChallengeCodePayload, {
    description:
      'Sends a code by SMS for a challenge that offers SMS. After a few codes the user must wait, longer each time.',
  })
  @Public()
  async sendChallengeCode(
    @Arg('input', () => SendChallengeCodeInput, { description: 'The challenge.' })
    input: SendChallengeCodeInput,
    @Ctx() context: Context,
  ): Promise<SendChallengeCodePayload> {
    const result = await this.challenges.sendCode(input.token, context.deviceToken, context.origin)
    const payload = new SendChallengeCodePayload()
    if (result.kind === 'expired') payload.errors = [new ChallengeExpired()]
    if (result.kind === 'notSent') payload.errors = [new CodeNotSent(['token'])]
    if (result.kind === 'tooManyAttempts') {
      payload.errors = [new TooManyAttempts(result.retryAfterSeconds, ['token'])]
    }
    return payload
  }

  @Mutation(() => AnswerChallengePayload, {
    description: `Completes a sign-in after the right password. The response sets the session cookie as \`logIn\` does.

An answer works once. After wrong answers the user must wait, longer each time, across all challenges. Ten wrong answers end a challenge.`,
  })
  @Public()
  async answerChallenge(
    @Arg('input', () => AnswerChallengeInput, { description: 'The answer to the challenge.' })
    input: AnswerChallengeInput,
    @Ctx() context: Context,
  ): Promise<AnswerChallengePayload> {
    const { token, method, code = null, passkeyResponse = null, trustDevice } = input
    const step = { token, method, code, passkeyResponse, trustDevice: trustDevice === true }
    const result = await this.steps.answer(step, context, context.origin)
    const payload = new AnswerChallengePayload()
    if (result.kind === 'signedIn') payload.user = signIn(result, context)
    else
      payload.errors = [errorOf(result, method === 'PASSKEY' ? 'passkeyResponse' : 'code', context)]
    return payload
  }

  @Mutation(() => BeginPasskeySignInPayload, {
    description:
      'Starts a sign-in with only a passkey, without login and password. The response reveals nothing about any user.',
  })
  @Public()
  async beginPasskeySignIn(): Promise<BeginPasskeySignInPayload> {
    return Object.assign(
      new BeginPasskeySignInPayload(),
      await this.challenges.beginPasskeySignIn(),
    )
  }

  @Mutation(() => LogInWithPasskeyPayload, {
    description:
      'Signs in with only a passkey that has verified its user. The response sets the session cookie as logIn does.',
  })
  @Public()
  async logInWithPasskey(
    @Arg('input', () => LogInWithPasskeyInput, { description: 'The response of the passkey.' })
    input: LogInWithPasskeyInput,
    @Ctx() context: Context,
  ): Promise<LogInWithPasskeyPayload> {
    const { token, response } = input
    const result = await this.steps.logInWithPasskey(token, response, context, context.origin)
    const payload = new LogInWithPasskeyPayload()
    if (result.kind === 'signedIn') payload.user = signIn(result, context)
    else payload.errors = [errorOf(result, 'response', context)]
    return payload
  }

  @Mutation(() => BeginReauthenticationPayload, {
    description:
      'Returns what a caller with a second factor needs for reauthenticate: the options of their passkeys, and the token for requesting a code by SMS.',
  })
  @SignedIn()
  @SessionOnly()
  async beginReauthentication(@Ctx() context: Context): Promise<BeginReauthenticationPayload> {
    const caller = context.requireSession({
      evenIfPasswordMustChange: true,
      evenIfSecondFactorMissing: true,
    })
    const challenge = await this.challenges.beginReauthentication(caller)
    const payload = new BeginReauthenticationPayload()
    payload.challenge = challenge === null ? null : new SignInChallenge(challenge)
    return payload
  }
}
