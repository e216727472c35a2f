import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { RequireRecentProof, SessionOnly, SignedIn } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { InvalidField, TooManyAttempts } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import type { Caller } from '../users/caller.js'
import type { EnrolmentRefusal, EnrolmentResult, EnrolmentService } from './enrolment.service.js'
import {
  type BeginEnrolmentError,
  BeginPasskeyEnrolmentPayload,
  BeginSmsEnrolmentInput,
  BeginSmsEnrolmentPayload,
  BeginTotpEnrolmentPayload,
  ConfirmEnrolmentPayload,
  ConfirmPasskeyEnrolmentInput,
  ConfirmSmsEnrolmentInput,
  ConfirmTotpEnrolmentInput,
  EnrolmentExpired,
  PhoneNumberMissing,
  phoneExample,
  SecondFactorLimitReached,
  SecondFactorMethodOff,
} from './enrolment.type.js'
import { invalidName } from './second-factor.resolver.js'
import { SecondFactor, SecondFactorIncorrect } from './second-factor.type.js'
import { CodeNotSent } from './sign-in-challenge.type.js'

const refusalOf = (refusal: EnrolmentRefusal) => {
  switch (refusal.kind) {
    case 'methodOff':
      return new SecondFactorMethodOff()
    case 'limitReached':
      return new SecondFactorLimitReached()
    case 'phoneMissing':
      return new PhoneNumberMissing()
    case 'invalidPhone':
      return new InvalidField(text('second-factor.error.phoneInvalid', { example: phoneExample }), [
        'phone',
      ])
    case 'codeNotSent':
      return new CodeNotSent([])
    case 'tooManyAttempts':
      return new TooManyAttempts(refusal.retryAfterSeconds, [])
  }
}

const errorOf = (result: Exclude<EnrolmentResult, { kind: 'enrolled' }>, path: string) => {
  switch (result.kind) {
    case 'incorrect':
      return new SecondFactorIncorrect([path])
    case 'expired':
      return new EnrolmentExpired()
    case 'invalidName':
      return invalidName()
    case 'methodOff':
      return new SecondFactorMethodOff()
    case 'limitReached':
      return new SecondFactorLimitReached()
  }
}

/** Fills the payload of a begin…Enrolment mutation. */
const withResult = <Payload extends { errors: (typeof BeginEnrolmentError)[] }>(
  payload: Payload,
  result: { readonly kind: 'begun' } | EnrolmentRefusal,
): Payload => {
  if (result.kind !== 'begun') payload.errors = [refusalOf(result)]
  else {
    const { kind: _, ...fields } = result
    Object.assign(payload, fields)
  }
  return payload
}

const completed = (result: EnrolmentResult, path: string): ConfirmEnrolmentPayload => {
  const payload = new ConfirmEnrolmentPayload()
  if (result.kind === 'enrolled') {
    payload.factor = new SecondFactor(result.factor, true)
    payload.recoveryCodes = result.recoveryCodes
  } else {
    payload.errors = [errorOf(result, path)]
  }
  return payload
}

/** The caller. Users who must enrol a second factor before anything else are allowed here. */
const callerOf = (context: Context): Caller =>
  context.requireSession({ evenIfSecondFactorMissing: true })

/** Mutations that enrol second factors of the caller. */
@Resolver()
export class EnrolmentResolver {
  constructor(private readonly enrolments: EnrolmentService) {}

  @Mutation(() => BeginTotpEnrolmentPayload, {
    description:
      'Starts to add an authenticator app. The user adds the secret to the app, and then confirms the enrolment with a code that the app shows.',
  })
  @SignedIn()
  @RequireRecentProof()
  @SessionOnly()
  async beginTotpEnrolment(@Ctx() context: Context): Promise<BeginTotpEnrolmentPayload> {
    const result = await this.enrolments.beginTotp(callerOf(context))
    return withResult(new BeginTotpEnrolmentPayload(), result)
  }

  @Mutation(() => ConfirmEnrolmentPayload, {
    description: 'Completes the enrolment of an authenticator app.',
  })
  @SignedIn()
  @SessionOnly()
  async confirmTotpEnrolment(
    @Arg('input', () => ConfirmTotpEnrolmentInput, {
      description: 'The enrolment, a code and a name.',
    })
    input: ConfirmTotpEnrolmentInput,
    @Ctx() context: Context,
  ): Promise<ConfirmEnrolmentPayload> {
    const user = callerOf(context)
    return completed(await this.enrolments.confirmTotp(user, input, context.origin), 'code')
  }

  @Mutation(() => BeginPasskeyEnrolmentPayload, {
    description: 'Starts to add a passkey or a security key. A user can have several.',
  })
  @SignedIn()
  @RequireRecentProof()
  @SessionOnly()
  async beginPasskeyEnrolment(@Ctx() context: Context): Promise<BeginPasskeyEnrolmentPayload> {
    const result = await this.enrolments.beginPasskey(callerOf(context))
    return withResult(new BeginPasskeyEnrolmentPayload(), result)
  }

  @Mutation(() => ConfirmEnrolmentPayload, { description: 'Completes the enrolment of a passkey.' })
  @SignedIn()
  @SessionOnly()
  async confirmPasskeyEnrolment(
    @Arg('input', () => ConfirmPasskeyEnrolmentInput, {
      description: 'The enrolment, the new passkey and a name.',
    })
    input: ConfirmPasskeyEnrolmentInput,
    @Ctx() context: Context,
  ): Promise<ConfirmEnrolmentPayload> {
    const user = callerOf(context)
    return completed(await this.enrolments.confirmPasskey(user, input, context.origin), 'response')
  }

  @Mutation(() => BeginSmsEnrolmentPayload, {
    description:
      'Starts to add codes by SMS: sends a code to the given number, or to the phone number of the profile. After confirmation, codes always go to this number, even if the profile’s number changes later.',
  })
  @SignedIn()
  @RequireRecentProof()
  @SessionOnly()
  async beginSmsEnrolment(
    @Arg('input', () => BeginSmsEnrolmentInput, {
      nullable: true,
      description: 'The number to send the code to. Defaults to the phone number of the profile.',
    })
    input: BeginSmsEnrolmentInput | null,
    @Ctx() context: Context,
  ): Promise<BeginSmsEnrolmentPayload> {
    const user = callerOf(context)
    const result = await this.enrolments.beginSms(user, input?.phone ?? null, context.origin)
    return withResult(new BeginSmsEnrolmentPayload(), result)
  }

  @Mutation(() => ConfirmEnrolmentPayload, {
    description: 'Completes the enrolment of codes by SMS.',
  })
  @SignedIn()
  @SessionOnly()
  async confirmSmsEnrolment(
    @Arg('input', () => ConfirmSmsEnrolmentInput, {
      description: 'The enrolment, the code and a name.',
    })
    input: ConfirmSmsEnrolmentInput,
    @Ctx() context: Context,
  ): Promise<ConfirmEnrolmentPayload> {
    const user = callerOf(context)
    return completed(await this.enrolments.confirmSms(user, input, context.origin), 'code')
  }
}
