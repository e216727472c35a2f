import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { Language } from '../messages/language.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import { storedPhoneOf } from '../phone-numbers/phone.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { hashToken, newToken } from '../sessions/session-token.js'
import { productName } from '../settings/account-look.js'
import type { SecondFactorMethod } from '../settings/security-settings.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import type { PasskeyCeremonies } from './passkey-ceremonies.js'
import { phoneHintOf, readPhoneNumber } from './phone-number.js'
import type { SecondFactorEntity } from './second-factor.entity.js'
import { readFactorName, type SecondFactorService } from './second-factor.service.js'
import * as store from './second-factor.store.js'
import type { SecondFactorEnrolmentEntity } from './second-factor-enrolment.entity.js'
import { smsCodeOf, totpSecretOf } from './second-factor-verifier.js'
import type { SmsSender } from './sms-sender.js'
import { newTotpSecret, totpStepOf, totpUri } from './totp.js'
import { newSmsCode, readDigits } from './typed-codes.js'

/** Why an enrolment cannot begin. */
export type EnrolmentRefusal =
  | {
      readonly kind: 'methodOff' | 'limitReached' | 'phoneMissing' | 'invalidPhone' | 'codeNotSent'
    }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** The result of completing an enrolment. */
export type EnrolmentResult =
  | {
      readonly kind: 'enrolled'
      readonly factor: SecondFactorEntity
      /**
       * The recovery codes. They are returned only once, with the first second factor; null
       * with further ones.
       */
      readonly recoveryCodes: readonly string[] | null
    }
  | { readonly kind: 'expired' | 'incorrect' | 'invalidName' | 'limitReached' | 'methodOff' }

/** The input that completes an enrolment. */
interface Completion {
  readonly token: string
  readonly name: string
}

const lifetimeMs = 10 * 60 * 1000
/** The number of wrong answers after which an enrolment expires. */
const maxAttempts = 10
/**
 * The maximum number of second factors of a user. Nobody needs more, even with several keys and
 * devices.
 */
const maxFactors = 10

/**
 * Adds second factors in two steps: a factor counts only after the user has shown that it
 * works. An enrolment belongs to one user; nobody else can use its token. Every method throws
 * UNAUTHENTICATED if the user's session has ended.
 */
export class EnrolmentService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly settings: SettingsService,
    private readonly factors: SecondFactorService,
    private readonly operations: OperationService,
    private readonly throttle: ThrottleService,
    private readonly box: SecretBox,
    private readonly passkeys: PasskeyCeremonies,
    private readonly sms: SmsSender,
  ) {}

  /** Starts to enrol an authenticator app. Creates its secret. */
  async beginTotp(user: Caller): Promise<
    | {
        readonly kind: 'begun'
        readonly secret: string
        readonly uri: string
        readonly token: string
      }
    | EnrolmentRefusal
  > {
    const secret = newTotpSecret()
    const sealed = await this.box.seal(secret, totpSecretOf(user.id))
    const begun = await this.begin(user, 'TOTP', async () => ({ secret: sealed }))
    if (begun.kind !== 'begun') return begun
    const issuer = (await this.settings.readLook()).name ?? productName
    return { ...begun, secret, uri: totpUri(secret, user.login, issuer) }
  }

  /** Completes the enrolment of an authenticator app with a code it shows. */
  confirmTotp(
    user: Caller,
    completion: Completion & { readonly code: string },
    origin: RequestOrigin,
  ): Promise<EnrolmentResult> {
    return this.confirm(user, 'TOTP', completion, origin, async enrolment => {
      const code = readDigits(completion.code)
      if (code === null || enrolment.secret === null) return null
      const secret = await this.box.unseal(enrolment.secret, totpSecretOf(user.id))
      const step = totpStepOf(secret, code, new Date())
      // Record the step, so that this code cannot be used to sign in.
      return step === null ? null : { secret: enrolment.secret, lastUsedStep: step }
    })
  }

  /** Starts to enrol a passkey. Returns the options for the browser. */
  async beginPasskey(user: Caller): Promise<
    | {
        readonly kind: 'begun'
        readonly options: PublicKeyCredentialCreationOptionsJSON
        readonly token: string
      }
    | EnrolmentRefusal
  > {
    const own = await this.database.read(unit => store.listFactors(unit, user.id))
    const passkeys = own.filter(factor => factor.method === 'PASSKEY')
    const options = await this.passkeys.registrationOptions(
      user,
      passkeys,
      (await this.settings.readLook()).name ?? productName,
    )
    const begun = await this.begin(user, 'PASSKEY', async () => ({
      webauthnChallenge: options.challenge,
    }))
    return begun.kind === 'begun' ? { ...begun, options } : begun
  }

  /** Completes the enrolment of a passkey with the response of the browser. */
  confirmPasskey(
    user: Caller,
    completion: Completion & { readonly response: unknown },
    origin: RequestOrigin,
  ): Promise<EnrolmentResult> {
    return this.confirm(user, 'PASSKEY', completion, origin, async (enrolment, unit) => {
      const challenge = enrolment.webauthnChallenge ?? ''
      const passkey = await this.passkeys.verifyRegistration(completion.response, challenge)
      if (passkey?.credentialId == null) return null
      // A credential must not belong to two users (WebAuthn Level 3, 7.1, step 27).
      return (await store.findPasskey(unit, passkey.credentialId)) === null ? passkey : null
    })
  }

  /**
   * Starts to enrol a phone number. Sends a code to it.
   *
   * @param written the number; null for the number of the profile.
   */
  async beginSms(
    user: Caller,
    written: string | null,
    origin: RequestOrigin,
  ): Promise<
    | { readonly kind: 'begun'; readonly phoneHint: string; readonly token: string }
    | EnrolmentRefusal
  > {
    const { defaultRegion, defaultLanguage } = await this.settings.readAccountDefaults()
    const phone = readPhoneNumber(
      written === null ? user.phone : storedPhoneOf(written, defaultRegion),
    )
    if (phone === null) return { kind: written === null ? 'phoneMissing' : 'invalidPhone' }
    const wait = await this.throttle.begin({ ip: origin.ip, of: { smsEnrolmentOf: user.id } })
    if (wait !== null) return { kind: 'tooManyAttempts', ...wait }
    const code = newSmsCode()
    const begun = await this.begin(user, 'SMS', async id => ({
      phone,
      codeHash: await this.box.sign(code, smsCodeOf(id)),
    }))
    if (begun.kind !== 'begun') return begun
    const { name } = await this.settings.readLook()
    const language = Language.of([user.language, defaultLanguage]).named(name ?? productName)
    if (!(await this.sms.sendCode(phone, code, language))) return { kind: 'codeNotSent' }
    return { ...begun, phoneHint: phoneHintOf(phone) }
  }

  /** Completes the enrolment of a phone number with the code that was sent to it. */
  confirmSms(
    user: Caller,
    completion: Completion & { readonly code: string },
    origin: RequestOrigin,
  ): Promise<EnrolmentResult> {
    return this.confirm(user, 'SMS', completion, origin, async enrolment => {
      const code = readDigits(completion.code)
      if (code === null || enrolment.codeHash === null) return null
      const right = await this.box.verify(code, smsCodeOf(enrolment.id), enrolment.codeHash)
      return right ? { phone: enrolment.phone } : null
    })
  }

  private async begin(
    user: Caller,
    method: SecondFactorMethod,
    columns: (id: string) => Promise<Partial<SecondFactorEnrolmentEntity>>,
  ): Promise<{ readonly kind: 'begun'; readonly token: string } | EnrolmentRefusal> {
    const token = newToken()
    const id = uuidv7()
    const made = await columns(id)
    return this.database.write(async unit => {
      await this.users.callerIn(unit, user)
      const own = await store.listFactors(unit, user.id)
      const refusal = await this.refusalOf(unit, method, own)
      if (refusal !== null) return refusal
      const now = new Date()
      await store.replaceEnrolment(unit, {
        id,
        tokenHash: hashToken(token),
        userId: user.id,
        method,
        secret: null,
        phone: null,
        codeHash: null,
        webauthnChallenge: null,
        attempts: 0,
        createdAt: now,
        expiresAt: new Date(now.getTime() + lifetimeMs),
        ...made,
      })
      return { kind: 'begun', token }
    })
  }

  /** @param prove returns the columns to save, or null if the answer is wrong. */
  private confirm(
    user: Caller,
    method: SecondFactorMethod,
    { token, name: written }: Completion,
    origin: RequestOrigin,
    prove: (
      enrolment: SecondFactorEnrolmentEntity,
      unit: WritingUnitOfWork,
    ) => Promise<Partial<SecondFactorEntity> | null>,
  ): Promise<EnrolmentResult> {
    return this.database.write(async (unit): Promise<EnrolmentResult> => {
      await this.users.callerIn(unit, user)
      const enrolment = await store.findEnrolment(unit, user.id, method, hashToken(token))
      if (enrolment === null || enrolment.attempts >= maxAttempts) return { kind: 'expired' }
      const name = readFactorName(written)
      if (name === null) return { kind: 'invalidName' }
      const earlier = await store.listFactors(unit, user.id)
      const refusal = await this.refusalOf(unit, method, earlier)
      if (refusal !== null) return refusal
      const proved = await prove(enrolment, unit)
      if (proved === null) {
        await store.updateEnrolment(unit, enrolment.id, { attempts: enrolment.attempts + 1 })
        await this.operations.record(unit, origin, {
          action: 'ENROL_SECOND_FACTOR',
          outcome: 'REFUSED',
          reason: 'SECOND_FACTOR_INCORRECT',
          actorId: user.id,
          subjectId: user.id,
        })
        return { kind: 'incorrect' }
      }
      await store.deleteEnrolment(unit, enrolment.id)
      return this.add(unit, user, earlier, { method, name, ...proved }, origin)
    })
  }

  private async add(
    unit: WritingUnitOfWork,
    user: Caller,
    earlier: readonly SecondFactorEntity[],
    added: Pick<SecondFactorEntity, 'method' | 'name'> & Partial<SecondFactorEntity>,
    origin: RequestOrigin,
  ): Promise<EnrolmentResult> {
    const factor: SecondFactorEntity = {
      id: uuidv7(),
      userId: user.id,
      secret: null,
      lastUsedStep: null,
      phone: null,
      credentialId: null,
      publicKey: null,
      signCount: null,
      transports: null,
      aaguid: null,
      createdAt: new Date(),
      lastUsedAt: null,
      ...added,
    }
    // A new number replaces the old one: codes go to only one phone.
    const replaced = factor.method === 'SMS' ? earlier.find(own => own.method === 'SMS') : undefined
    if (replaced !== undefined) await store.deleteFactor(unit, replaced.id)
    await store.insertFactor(unit, factor)
    const recoveryCodes =
      earlier.length === 0 ? await this.factors.issueRecoveryCodes(unit, user.id) : null
    await this.operations.record(unit, origin, {
      action: 'ENROL_SECOND_FACTOR',
      outcome: 'DONE',
      actorId: user.id,
      subjectId: user.id,
      changes: [changeOf('method', replaced?.method, factor.method)],
    })
    await this.factors.notify(unit, user, { kind: 'added', name: factor.name }, origin)
    return { kind: 'enrolled', factor, recoveryCodes }
  }

  private async refusalOf(
    unit: WritingUnitOfWork,
    method: SecondFactorMethod,
    own: readonly SecondFactorEntity[],
  ): Promise<{ readonly kind: 'methodOff' | 'limitReached' } | null> {
    const settings = await this.settings.readIn(unit)
    if (!this.factors.enrollable(settings).includes(method)) return { kind: 'methodOff' }
    return own.length >= maxFactors ? { kind: 'limitReached' } : null
  }
}
