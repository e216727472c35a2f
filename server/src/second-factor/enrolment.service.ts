import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import { storedPhoneOf } from '../phone-numbers/phone.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { hashToken, newToken } from '../sessions/session-token.js'
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

/** Why no enrolment begins. */
export type EnrolmentRefusal =
  | {
      readonly kind: 'methodOff' | 'limitReached' | 'phoneMissing' | 'invalidPhone' | 'codeNotSent'
    }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** What became of an enrolment that was to be completed. */
export type EnrolmentResult =
  | {
      readonly kind: 'enrolled'
      readonly factor: SecondFactorEntity
      /** Told once, with the first second factor; null with further ones. */
      readonly recoveryCodes: readonly string[] | null
    }
  | { readonly kind: 'expired' | 'incorrect' | 'invalidName' | 'limitReached' | 'methodOff' }

/** What an enrolment is completed with. */
interface Completion {
  readonly token: string
  readonly name: string
}

const lastsMs = 10 * 60 * 1000
/** Wrong answers after which an enrolment has to be begun anew. */
const mostAttempts = 10
/** More than anyone needs: keys on the ring, in the safe and in each device. */
const mostFactors = 10
const issuer = 'Rekey'

/**
 * Adds second factors, in two steps: what was made is shown to work before it counts.
 * An enrolment is its user's own; the token alone is worth nothing to anyone else. All of
 * it throws UNAUTHENTICATED when their session ends meanwhile.
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

  /** Makes a secret for an authenticator app. */
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
    return { ...begun, secret, uri: totpUri(secret, user.login, issuer) }
  }

  /** Completes an authenticator app with a code it shows. */
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
      // This code is used up as well.
      return step === null ? null : { secret: enrolment.secret, lastUsedStep: step }
    })
  }

  /** What the browser makes a new passkey by. */
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
    const options = await this.passkeys.registrationOptions(user, passkeys)
    const begun = await this.begin(user, 'PASSKEY', async () => ({
      webauthnChallenge: options.challenge,
    }))
    return begun.kind === 'begun' ? { ...begun, options } : begun
  }

  /** Completes a passkey with what the browser made. */
  confirmPasskey(
    user: Caller,
    completion: Completion & { readonly response: unknown },
    origin: RequestOrigin,
  ): Promise<EnrolmentResult> {
    return this.confirm(user, 'PASSKEY', completion, origin, async (enrolment, unit) => {
      const challenge = enrolment.webauthnChallenge ?? ''
      const passkey = await this.passkeys.verifyRegistration(completion.response, challenge)
      if (passkey?.credentialId == null) return null
      // A credential is one user's (WebAuthn Level 3, 7.1, step 27).
      return (await store.findPasskey(unit, passkey.credentialId)) === null ? passkey : null
    })
  }

  /**
   * Sends a code to a phone number.
   *
   * @param written the number; null for that of the profile.
   */
  async beginSms(
    user: Caller,
    written: string | null,
    origin: RequestOrigin,
  ): Promise<
    | { readonly kind: 'begun'; readonly phoneHint: string; readonly token: string }
    | EnrolmentRefusal
  > {
    const { defaultRegion } = await this.settings.readAccountDefaults()
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
    if (!(await this.sms.sendCode(phone, code))) return { kind: 'codeNotSent' }
    return { ...begun, phoneHint: phoneHintOf(phone) }
  }

  /** Completes a phone number with the code that was sent to it. */
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
        expiresAt: new Date(now.getTime() + lastsMs),
        ...made,
      })
      return { kind: 'begun', token }
    })
  }

  /**
   * @param prove gives what is to be kept, or null when the answer shows nothing.
   */
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
      if (enrolment === null || enrolment.attempts >= mostAttempts) return { kind: 'expired' }
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
    // Another number takes the place of the first: codes go to one phone.
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
    await this.factors.tell(unit, user, { kind: 'added', name: factor.name }, origin)
    return { kind: 'enrolled', factor, recoveryCodes }
  }

  private async refusalOf(
    unit: WritingUnitOfWork,
    method: SecondFactorMethod,
    own: readonly SecondFactorEntity[],
  ): Promise<{ readonly kind: 'methodOff' | 'limitReached' } | null> {
    const settings = await this.settings.readIn(unit)
    if (!this.factors.enrollable(settings).includes(method)) return { kind: 'methodOff' }
    return own.length >= mostFactors ? { kind: 'limitReached' } : null
  }
}
