import { GraphQLDateTimeISO, GraphQLJSON } from 'graphql-scalars'
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts, UserError } from '../graphql/user-error.type.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { text } from '../messages/language.js'
import { SecondFactorMethodEnum } from '../settings/second-factor-method.type.js'
import { User } from '../users/user.type.js'
import { SecondFactorIncorrect } from './second-factor.type.js'
import type { AnswerMethod } from './second-factor-verifier.js'
import type { SignInChallenge as IssuedChallenge } from './sign-in-challenge.service.js'

/** A challenge as the API returns it. */
@ObjectType({
  description: 'The second step that a user must answer to sign in. It is not a session.',
})
export class SignInChallenge {
  @Field(() => String, {
    description:
      'The token that identifies the challenge when you answer it. It works once, and grants no other access.',
  })
  token: string

  @Field(() => [SecondFactorMethodEnum], {
    description:
      'The methods that can answer the challenge. Empty if none of the user’s methods is available; an administrator must then reset the user’s second factors.',
  })
  methods: AnswerMethod[]

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'The options to request an assertion in the browser (WebAuthn Level 3, PublicKeyCredentialRequestOptionsJSON). Null unless PASSKEY is among the methods.',
  })
  passkeyOptions: unknown

  @Field(() => String, {
    nullable: true,
    description:
      'The last digits of the phone number that a code can be sent to, the rest masked. Null unless SMS is among the methods.',
  })
  phoneHint: string | null

  @Field(() => Boolean, {
    description: 'Whether the account allows the user to trust this browser for a while.',
  })
  canTrustDevice: boolean

  @Field(() => GraphQLDateTimeISO, { description: 'When it expires: ten minutes after it began.' })
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

/** The challenge has ended. */
@ObjectType({
  implements: UserError,
  description:
    'The challenge has ended: it was answered, has expired, had too many wrong answers, or the user’s password or status has changed. Start again.',
})
export class ChallengeExpired extends UserError {
  constructor() {
    super(text('second-factor.error.challengeExpired'), ['token'])
  }
}

/** The code was not sent. */
@ObjectType({
  implements: UserError,
  description:
    'The code could not be sent: there is no phone number, or the SMS gateway did not accept the message.',
})
export class CodeNotSent extends UserError {
  constructor(path: string[]) {
    super(text('second-factor.error.codeNotSent'), path)
  }
}

/** The challenge to send a code for. */
@InputType({ description: 'The challenge to send a code for.' })
export class SendChallengeCodeInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of the challenge.' })
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
    description:
      'Why no code was sent; empty if one was. A code sent earlier for this challenge stops working.',
  })
  errors: (typeof SendChallengeCodeError)[] = []
}

/**
 * An answer to a challenge. Do not add class-validator rules: their errors quote the secret
 * they reject.
 */
@InputType({ description: 'An answer to a challenge.' })
export class AnswerChallengeInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of the challenge.' })
  token!: string

  @Field(() => SecondFactorMethodEnum, { description: 'One of the methods of the challenge.' })
  method!: AnswerMethod

  @MaxLength(64)
  @Field(() => String, {
    nullable: true,
    description: 'The code, for every method except PASSKEY. Spaces and case are ignored.',
  })
  code?: string | null

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'For PASSKEY, the response of the browser to passkeyOptions (WebAuthn Level 3, AuthenticationResponseJSON).',
  })
  passkeyResponse?: unknown

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether to trust this browser for as long as the account allows. Sign-ins from it then need no second step. Defaults to false. Has no effect if the account does not allow trusted browsers.',
  })
  trustDevice?: boolean | null
}

const AnswerChallengeError = createUnionType({
  name: 'AnswerChallengeError',
  description: 'Why the answer did not sign the user in.',
  types: () =>
    [SecondFactorIncorrect, ChallengeExpired, AddressNotAllowed, TooManyAttempts] as const,
})

/** The outcome of an answer. */
@ObjectType({ description: 'The outcome of answering a challenge.' })
export class AnswerChallengePayload {
  @Field(() => User, {
    nullable: true,
    description: 'The user who is now signed in; null if the answer was rejected.',
  })
  user: User | null = null

  @Field(() => [AnswerChallengeError], {
    description: 'Why the user was not signed in; empty if they were.',
  })
  errors: (typeof AnswerChallengeError)[] = []
}

const BeginPasskeySignInError = createUnionType({
  name: 'BeginPasskeySignInError',
  description: 'Why a sign-in by passkey did not begin.',
  types: () => [TooManyAttempts] as const,
})

/** A sign-in by passkey that has begun. */
@ObjectType({ description: 'A sign-in with only a passkey that has begun.' })
export class BeginPasskeySignInPayload {
  @Field(() => String, {
    description:
      'The token that identifies the sign-in when you complete it. It works once, for 10 minutes.',
  })
  token!: string

  @Field(() => GraphQLJSON, {
    description:
      'The options to request an assertion of any passkey in the browser (WebAuthn Level 3, PublicKeyCredentialRequestOptionsJSON).',
  })
  options: unknown

  @Field(() => [BeginPasskeySignInError], { description: 'Always empty.' })
  errors: (typeof BeginPasskeySignInError)[] = []
}

/** A sign-in with a passkey. */
@InputType({ description: 'A sign-in with a passkey.' })
export class LogInWithPasskeyInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of beginPasskeySignIn.' })
  token!: string

  @Field(() => GraphQLJSON, {
    description:
      'The response of the browser to the options (WebAuthn Level 3, AuthenticationResponseJSON). User verification is required.',
  })
  response: unknown
}

/** A challenge to confirm the identity of the caller. */
@ObjectType({ description: 'The challenge that the caller answers to confirm their identity.' })
export class BeginReauthenticationPayload {
  @Field(() => SignInChallenge, {
    nullable: true,
    description:
      'The challenge to answer in reauthenticate, in addition to the password. Null if the caller has no second factor. Use its token only for sendChallengeCode.',
  })
  challenge: SignInChallenge | null = null

  @Field(() => [UserError], { description: 'Always empty.' })
  errors: UserError[] = []
}
