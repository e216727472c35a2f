import { GraphQLJSON } from 'graphql-scalars'
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, TooManyAttempts, UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { SecondFactor, SecondFactorIncorrect } from './second-factor.type.js'
import { CodeNotSent } from './sign-in-challenge.type.js'

/** The phone number that messages show as an example. */
export const phoneExample = '+44 20 7946 0018'

/** The account does not allow this method. */
@ObjectType({
  implements: UserError,
  description: 'The account does not allow this method as a second factor.',
})
export class SecondFactorMethodOff extends UserError {
  constructor() {
    super(text('second-factor.error.secondFactorMethodOff'), [])
  }
}

/** The user has the maximum number of second factors. */
@ObjectType({
  implements: UserError,
  description: 'The caller has ten second factors, which is the maximum.',
})
export class SecondFactorLimitReached extends UserError {
  constructor() {
    super(text('second-factor.error.secondFactorLimitReached'), [])
  }
}

/** There is no phone number to send a code to. */
@ObjectType({
  implements: UserError,
  description:
    'No phone number was given, and the profile has none that begins with + and a country code.',
})
export class PhoneNumberMissing extends UserError {
  constructor() {
    super(text('second-factor.error.phoneNumberMissing', { example: phoneExample }), [])
  }
}

/** The enrolment has ended. */
@ObjectType({
  implements: UserError,
  description:
    'The enrolment has ended: it was completed, has expired, had too many wrong answers, or is not the caller’s. Start again.',
})
export class EnrolmentExpired extends UserError {
  constructor() {
    super(text('second-factor.error.enrolmentExpired'), ['token'])
  }
}

export const BeginEnrolmentError = createUnionType({
  name: 'BeginEnrolmentError',
  description: 'Why an enrolment did not begin.',
  types: () =>
    [
      SecondFactorMethodOff,
      SecondFactorLimitReached,
      PhoneNumberMissing,
      InvalidField,
      CodeNotSent,
      TooManyAttempts,
    ] as const,
})

/** The common fields of the payloads of begin…Enrolment mutations. */
@ObjectType()
abstract class BeginEnrolmentPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'The token that identifies the enrolment when you confirm it, within 10 minutes. Null if the enrolment did not begin.',
  })
  token: string | null = null

  @Field(() => [BeginEnrolmentError], {
    description: 'Why the enrolment did not begin; empty if it did.',
  })
  errors: (typeof BeginEnrolmentError)[] = []
}

/** The data to set up an authenticator app. */
@ObjectType({ description: 'The data to set up an authenticator app.' })
export class BeginTotpEnrolmentPayload extends BeginEnrolmentPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'The secret in base32, to type into the app. It is returned only here. Null if the enrolment did not begin.',
  })
  secret: string | null = null

  @Field(() => String, {
    nullable: true,
    description:
      'The secret as an otpauth URI, to show as a QR code. Null if the enrolment did not begin.',
  })
  uri: string | null = null
}

/** The data to create a passkey. */
@ObjectType({ description: 'The data to create a passkey.' })
export class BeginPasskeyEnrolmentPayload extends BeginEnrolmentPayload {
  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'The options to create the passkey in the browser (WebAuthn Level 3, PublicKeyCredentialCreationOptionsJSON). Null if the enrolment did not begin.',
  })
  options: unknown = null
}

/** The phone number to enrol. */
@InputType({ description: 'The phone number to send codes to.' })
export class BeginSmsEnrolmentInput {
  @MaxLength(64)
  @Field(() => String, {
    nullable: true,
    description:
      'A phone number that begins with + and a country code, at most 15 digits (E.164). Spaces, dots, hyphens and brackets are ignored. Defaults to the number of the profile. The profile is not changed.',
  })
  phone?: string | null
}

/** A phone number to confirm. */
@ObjectType({ description: 'A phone number that a code was sent to.' })
export class BeginSmsEnrolmentPayload extends BeginEnrolmentPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'The last digits of the number, the rest masked. Null if the enrolment did not begin.',
  })
  phoneHint: string | null = null
}

/** The input that completes the enrolment of an authenticator app. */
@InputType({ description: 'The input that completes the enrolment of an authenticator app.' })
export class ConfirmTotpEnrolmentInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of beginTotpEnrolment.' })
  token!: string

  @MaxLength(64)
  @Field(() => String, {
    description: 'A code that the app shows. It cannot be used again to sign in.',
  })
  code!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The name of the second factor, 1 to 60 characters.' })
  name!: string
}

/** The input that completes the enrolment of a passkey. */
@InputType({ description: 'The input that completes the enrolment of a passkey.' })
export class ConfirmPasskeyEnrolmentInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of beginPasskeyEnrolment.' })
  token!: string

  @Field(() => GraphQLJSON, {
    description: 'The new passkey from the browser (WebAuthn Level 3, RegistrationResponseJSON).',
  })
  response: unknown

  @MaxLength(1_000)
  @Field(() => String, { description: 'The name of the second factor, 1 to 60 characters.' })
  name!: string
}

/** The input that completes the enrolment of a phone number. */
@InputType({ description: 'The input that completes the enrolment of a phone number.' })
export class ConfirmSmsEnrolmentInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of beginSmsEnrolment.' })
  token!: string

  @MaxLength(64)
  @Field(() => String, { description: 'The code that was sent by SMS.' })
  code!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The name of the second factor, 1 to 60 characters.' })
  name!: string
}

const ConfirmEnrolmentError = createUnionType({
  name: 'ConfirmEnrolmentError',
  description: 'Why an enrolment was not completed.',
  types: () =>
    [
      SecondFactorIncorrect,
      EnrolmentExpired,
      InvalidField,
      SecondFactorMethodOff,
      SecondFactorLimitReached,
    ] as const,
})

/** The outcome of an enrolment. */
@ObjectType({ description: 'The outcome of an enrolment.' })
export class ConfirmEnrolmentPayload {
  @Field(() => SecondFactor, {
    nullable: true,
    description: 'The new second factor; null if the enrolment was not completed.',
  })
  factor: SecondFactor | null = null

  @Field(() => [String], {
    nullable: true,
    description:
      'Ten recovery codes, if this is the user’s first second factor; else null. Each code works once. They are returned here and never again.',
  })
  recoveryCodes: readonly string[] | null = null

  @Field(() => [ConfirmEnrolmentError], {
    description: 'Why the enrolment was not completed; empty if it was.',
  })
  errors: (typeof ConfirmEnrolmentError)[] = []
}
