import { GraphQLJSON } from 'graphql-scalars'
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, TooManyAttempts, UserError } from '../graphql/user-error.type.js'
import { SecondFactor, SecondFactorIncorrect } from './second-factor.type.js'
import { CodeNotSent } from './sign-in-challenge.type.js'

/** The account does not allow this method. */
@ObjectType({
  implements: UserError,
  description: 'The account does not allow this method as a second factor.',
})
export class SecondFactorMethodOff extends UserError {
  constructor() {
    super('This kind of second factor is switched off.', [])
  }
}

/** There are enough. */
@ObjectType({
  implements: UserError,
  description: 'The caller has as many second factors as one can have: ten.',
})
export class SecondFactorLimitReached extends UserError {
  constructor() {
    super('You have ten second factors. Remove one before you add another.', [])
  }
}

/** There is no number to send a code to. */
@ObjectType({
  implements: UserError,
  description:
    'The profile has no phone number that begins with + and the code of its country, and none was given.',
})
export class PhoneNumberMissing extends UserError {
  constructor() {
    super('Your profile needs a phone number with its country code, such as +44 20 7946 0018.', [])
  }
}

/** The enrolment is over. */
@ObjectType({
  implements: UserError,
  description:
    'The enrolment is over, too old, was answered wrongly too often, or is none of the caller’s. Begin anew.',
})
export class EnrolmentExpired extends UserError {
  constructor() {
    super('This has taken too long. Begin again.', ['token'])
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

/** What the payloads of all begun enrolments have in common. */
@ObjectType()
abstract class BeginEnrolmentPayload {
  @Field(() => String, {
    nullable: true,
    description: 'Names the enrolment when it is completed, within 10 minutes; null when refused.',
  })
  token: string | null = null

  @Field(() => [BeginEnrolmentError], { description: 'Empty when it has begun.' })
  errors: (typeof BeginEnrolmentError)[] = []
}

/** An authenticator app to be set up. */
@ObjectType({ description: 'What an authenticator app is set up with.' })
export class BeginTotpEnrolmentPayload extends BeginEnrolmentPayload {
  @Field(() => String, {
    nullable: true,
    description: 'The secret in base32, to be typed in; null when refused. It is told only here.',
  })
  secret: string | null = null

  @Field(() => String, {
    nullable: true,
    description: 'The same as an otpauth address, to be shown as a QR code; null when refused.',
  })
  uri: string | null = null
}

/** A passkey to be made. */
@ObjectType({ description: 'What a passkey is made by.' })
export class BeginPasskeyEnrolmentPayload extends BeginEnrolmentPayload {
  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'What the browser makes it by (WebAuthn Level 3, PublicKeyCredentialCreationOptionsJSON); null when refused.',
  })
  options: unknown = null
}

/** Where codes are to be sent. */
@InputType({ description: 'Where codes by SMS are to be sent.' })
export class BeginSmsEnrolmentInput {
  @MaxLength(64)
  @Field(() => String, {
    nullable: true,
    description:
      'A number that begins with + and the code of its country, at most 15 digits (E.164); spaces, dots, hyphens and brackets are passed over. Null for that of the profile, which stays as it is.',
  })
  phone?: string | null
}

/** A phone number to be confirmed. */
@ObjectType({ description: 'A phone number that a code was sent to.' })
export class BeginSmsEnrolmentPayload extends BeginEnrolmentPayload {
  @Field(() => String, {
    nullable: true,
    description: 'The end of the number, the rest of it masked; null when refused.',
  })
  phoneHint: string | null = null
}

/** What completes an authenticator app. */
@InputType({ description: 'What completes an authenticator app.' })
export class ConfirmTotpEnrolmentInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of beginTotpEnrolment.' })
  token!: string

  @MaxLength(64)
  @Field(() => String, { description: 'A code that the app shows. It is used up by this.' })
  code!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'What to call it, 1 to 60 characters.' })
  name!: string
}

/** What completes a passkey. */
@InputType({ description: 'What completes a passkey.' })
export class ConfirmPasskeyEnrolmentInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of beginPasskeyEnrolment.' })
  token!: string

  @Field(() => GraphQLJSON, {
    description: 'What the browser made (WebAuthn Level 3, RegistrationResponseJSON).',
  })
  response: unknown

  @MaxLength(1_000)
  @Field(() => String, { description: 'What to call it, 1 to 60 characters.' })
  name!: string
}

/** What completes a phone number. */
@InputType({ description: 'What completes a phone number.' })
export class ConfirmSmsEnrolmentInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of beginSmsEnrolment.' })
  token!: string

  @MaxLength(64)
  @Field(() => String, { description: 'The code that was sent.' })
  code!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'What to call it, 1 to 60 characters.' })
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
    description: 'The new second factor; null when it was not completed.',
  })
  factor: SecondFactor | null = null

  @Field(() => [String], {
    nullable: true,
    description:
      'With the first second factor, ten recovery codes that work once each. They are told here and never again. Else null.',
  })
  recoveryCodes: readonly string[] | null = null

  @Field(() => [ConfirmEnrolmentError], { description: 'Empty when it was completed.' })
  errors: (typeof ConfirmEnrolmentError)[] = []
}
