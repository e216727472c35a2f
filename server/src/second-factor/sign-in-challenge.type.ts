import { GraphQLDateTimeISO, GraphQLJSON } from 'graphql-scalars'
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts, UserError } from '../graphql/user-error.type.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { SecondFactorMethodEnum } from '../settings/second-factor-method.type.js'
import { User } from '../users/user.type.js'
import { SecondFactorIncorrect } from './second-factor.type.js'
import type { AnswerMethod } from './second-factor-verifier.js'
import type { SignInChallenge as IssuedChallenge } from './sign-in-challenge.service.js'

/** What is still to be shown, as the API tells it. */
@ObjectType({
  description: 'What is still to be shown before someone is signed in. It is no session.',
})
export class SignInChallenge {
  @Field(() => String, {
    description: 'Names the challenge when it is answered. Works once, and for nothing else.',
  })
  token: string

  @Field(() => [SecondFactorMethodEnum], {
    description:
      'What it can be answered with. Empty when all that the user had is out of use: then an administrator has to reset it.',
  })
  methods: AnswerMethod[]

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'What a passkey is asked by (WebAuthn Level 3, PublicKeyCredentialRequestOptionsJSON); null unless PASSKEY is among the methods.',
  })
  passkeyOptions: unknown

  @Field(() => String, {
    nullable: true,
    description:
      'The end of the phone number a code can be sent to, the rest of it masked; null unless SMS is among the methods.',
  })
  phoneHint: string | null

  @Field(() => Boolean, {
    description: 'Whether the account lets this browser be trusted for a while.',
  })
  canTrustDevice: boolean

  @Field(() => GraphQLDateTimeISO, { description: 'When it is over: ten minutes after it began.' })
  expiresAt: Date

  constructor(challenge: IssuedChallenge) {
    this.token = challenge.token
    this.methods = [...challenge.methods]
    this.passkeyOptions = challenge.passkeyOptions
    this.phoneHint = challenge.phoneHint
    this.canTrustDevice = challenge.canTrustDevice
    this.expiresAt = challenge.expiresAt
  }
}

/** The challenge is over. */
@ObjectType({
  implements: UserError,
  description:
    'The challenge is over: answered, too old, answered wrongly too often, or its user’s password or status has changed. Begin anew.',
})
export class ChallengeExpired extends UserError {
  constructor() {
    super('This sign-in has taken too long. Begin again.', ['token'])
  }
}

/** The code was not sent. */
@ObjectType({
  implements: UserError,
  description:
    'The code could not be sent: there is no number, or the SMS gateway did not take it.',
})
export class CodeNotSent extends UserError {
  constructor(path: string[]) {
    super('The code could not be sent. Try again, or another way.', path)
  }
}

/** Which challenge a code is to be sent for. */
@InputType({ description: 'Which challenge to send a code for.' })
export class SendChallengeCodeInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The challenge’s token.' })
  token!: string
}

const SendChallengeCodeError = createUnionType({
  name: 'SendChallengeCodeError',
  description: 'Why no code was sent.',
  types: () => [ChallengeExpired, CodeNotSent, TooManyAttempts] as const,
})

/** The outcome of sending a code. */
@ObjectType({ description: 'The outcome of sending a code.' })
export class SendChallengeCodePayload {
  @Field(() => [SendChallengeCodeError], {
    description: 'Empty when it was sent. A code sent earlier for this challenge stops working.',
  })
  errors: (typeof SendChallengeCodeError)[] = []
}

/** An answer. No validator touches it: their errors quote what they saw. */
@InputType({ description: 'An answer to a challenge.' })
export class AnswerChallengeInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The challenge’s token.' })
  token!: string

  @Field(() => SecondFactorMethodEnum, { description: 'One of the challenge’s methods.' })
  method!: AnswerMethod

  @MaxLength(64)
  @Field(() => String, {
    nullable: true,
    description: 'The code, for every method but PASSKEY. Spaces and case don’t matter.',
  })
  code?: string | null

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'What the browser made of passkeyOptions, for PASSKEY (WebAuthn Level 3, AuthenticationResponseJSON).',
  })
  passkeyResponse?: unknown

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether this browser is not to be asked again for as long as the account allows; false when left out. Without effect when it allows none.',
  })
  trustDevice?: boolean | null
}

const AnswerChallengeError = createUnionType({
  name: 'AnswerChallengeError',
  description: 'Why a challenge signed nobody in.',
  types: () =>
    [SecondFactorIncorrect, ChallengeExpired, AddressNotAllowed, TooManyAttempts] as const,
})

/** The outcome of an answer. */
@ObjectType({ description: 'The outcome of answering a challenge.' })
export class AnswerChallengePayload {
  @Field(() => User, { nullable: true, description: 'Who is signed in now; null when nobody is.' })
  user: User | null = null

  @Field(() => [AnswerChallengeError], { description: 'Empty when signed in.' })
  errors: (typeof AnswerChallengeError)[] = []
}

const BeginPasskeySignInError = createUnionType({
  name: 'BeginPasskeySignInError',
  description: 'Why a sign-in by passkey did not begin.',
  types: () => [TooManyAttempts] as const,
})

/** A sign-in by passkey that has begun. */
@ObjectType({ description: 'A sign-in by passkey alone that has begun.' })
export class BeginPasskeySignInPayload {
  @Field(() => String, {
    description: 'Names it when it is completed. Works once, for 10 minutes.',
  })
  token!: string

  @Field(() => GraphQLJSON, {
    description:
      'What the browser asks any passkey by (WebAuthn Level 3, PublicKeyCredentialRequestOptionsJSON).',
  })
  options: unknown

  @Field(() => [BeginPasskeySignInError], { description: 'Always empty.' })
  errors: (typeof BeginPasskeySignInError)[] = []
}

/** A passkey someone signs in with. */
@InputType({ description: 'A passkey that someone signs in with.' })
export class LogInWithPasskeyInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of beginPasskeySignIn.' })
  token!: string

  @Field(() => GraphQLJSON, {
    description:
      'What the browser made of its options (WebAuthn Level 3, AuthenticationResponseJSON). The user has to be verified.',
  })
  response: unknown
}

/** A challenge to prove again who is calling. */
@ObjectType({ description: 'What the caller proves again with who they are.' })
export class BeginReauthenticationPayload {
  @Field(() => SignInChallenge, {
    nullable: true,
    description:
      'What reauthenticate takes beside the password; null when the caller has no second factor. Its token is for sendChallengeCode alone.',
  })
  challenge: SignInChallenge | null = null

  @Field(() => [UserError], { description: 'Always empty.' })
  errors: UserError[] = []
}
