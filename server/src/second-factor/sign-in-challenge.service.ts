import { randomBytes } from 'node:crypto'
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { Language } from '../messages/language.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { hashToken, newToken } from '../sessions/session-token.js'
import { productName } from '../settings/account-look.js'
import type { SecuritySettings } from '../settings/security-settings.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { KnownOriginService } from '../throttle/known-origin.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { Caller } from '../users/caller.js'
import { isSamePassword } from '../users/same-password.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { PasskeyCeremonies } from './passkey-ceremonies.js'
import { phoneHintOf } from './phone-number.js'
import type { SecondFactorEntity } from './second-factor.entity.js'
import type { SecondFactorService } from './second-factor.service.js'
import * as store from './second-factor.store.js'
import {
  type AnswerMethod,
  answerMethods,
  challengeCodeOf,
  type SecondFactorVerifier,
} from './second-factor-verifier.js'
import type { SignInChallengeEntity, SignInChallengePurpose } from './sign-in-challenge.entity.js'
import type { SmsSender } from './sms-sender.js'
import { newSmsCode, readRecoveryCode } from './typed-codes.js'

/** The second step that a user must answer to sign in. */
export interface SignInChallenge {
  /** The token that identifies the challenge when it is answered. It grants no access. */
  readonly token: string
  readonly methods: readonly AnswerMethod[]
  /**
   * The options to request an assertion in the browser; null if PASSKEY is not among the
   * methods.
   */
  readonly passkeyOptions: PublicKeyCredentialRequestOptionsJSON | null
  /** The masked phone number; null if SMS is not among the methods. */
  readonly phoneHint: string | null
  readonly canTrustDevice: boolean
  readonly expiresAt: Date
}

/** The result of sending a code. */
export type CodeResult =
  | { readonly kind: 'sent' | 'expired' | 'notSent' }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** A sign-in by passkey that has begun. Nothing about it is stored before it is answered. */
export interface PasskeySignIn {
  readonly token: string
  readonly options: PublicKeyCredentialRequestOptionsJSON
}

const lifetimeMs = 10 * 60 * 1000
/** The number of answers after which a challenge is invalid. */
const maxAttempts = 10

const passkeySignIn = { purpose: 'passkey-sign-in', owner: '' }

/**
 * True if a challenge still accepts answers: the limit of answers is not reached, and the user
 * is active and has not changed the password since.
 */
export const isAnswerable = (challenge: SignInChallengeEntity, user: UserEntity): boolean =>
  challenge.attempts < maxAttempts && user.status === 'ACTIVE' && isSamePassword(challenge, user)

/**
 * The second step of a sign-in. A challenge is issued after a correct password. It is not a
 * session, expires after ten minutes, and becomes invalid if the password changes.
 */
export class SignInChallengeService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly settings: SettingsService,
    private readonly factors: SecondFactorService,
    private readonly trustedDevices: TrustedDeviceService,
    private readonly verifier: SecondFactorVerifier,
    private readonly throttle: ThrottleService,
    private readonly knownOrigins: KnownOriginService,
    private readonly box: SecretBox,
    private readonly passkeys: PasskeyCeremonies,
    private readonly sms: SmsSender,
  ) {}

  /**
   * Issues a challenge for a user whose password was correct, in the transaction that would
   * sign them in. Otherwise says why the sign-in needs no second step: the user has no second factor,
   * or trusts this device.
   *
   * @param trustedDeviceToken the token in the browser's cookie.
   */
  async begin(
    unit: WritingUnitOfWork,
    user: UserEntity,
    trustedDeviceToken: string | undefined,
  ): Promise<SignInChallenge | 'noFactor' | 'trustedDevice'> {
    const factors = await this.factors.listIn(unit, user.id)
    if (factors.length === 0) return 'noFactor'
    const settings = await this.settings.readIn(unit)
    if (settings.secondFactor === 'OFF') return 'noFactor'
    const { trustedDevices } = settings
    if (await this.trustedDevices.recognize(unit, user, trustedDeviceToken, trustedDevices)) {
      return 'trustedDevice'
    }
    return this.issue(unit, user, 'SIGN_IN', factors, settings)
  }

  /** True if a signed-in user must enrol a second factor before anything else. */
  mustEnrol(user: UserEntity): Promise<boolean> {
    return this.factors.mustEnrol(user)
  }

  /** True if a user must show a second factor in addition to the password. */
  mustProve(user: UserEntity): Promise<boolean> {
    return this.factors.mustProve(user)
  }

  /**
   * Issues a challenge for a signed-in user who must confirm their identity, in addition to the
   * password. Null if the user has no second factor.
   *
   * @throws as {@link UserService.callerIn}.
   */
  beginReauthentication(user: Caller): Promise<SignInChallenge | null> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, user)
      const factors = await this.factors.listIn(unit, user.id)
      const settings = await this.settings.readIn(unit)
      if (factors.length === 0 || settings.secondFactor === 'OFF') return null
      await store.deleteChallenges(unit, user.id, 'REAUTHENTICATION')
      return this.issue(unit, user, 'REAUTHENTICATION', factors, settings)
    })
  }

  /**
   * Verifies the second factor of a signed-in user who confirms their identity. This runs in
   * the transaction that the proof allows, because a correct answer is marked as used.
   */
  async verifySecondFactor(
    unit: WritingUnitOfWork,
    user: UserEntity,
    { code, passkeyResponse }: { readonly code: string | null; readonly passkeyResponse: unknown },
  ): Promise<'CORRECT' | 'INCORRECT' | 'NONE_ENROLLED'> {
    const factors = await this.factors.listIn(unit, user.id)
    const settings = await this.settings.readIn(unit)
    if (factors.length === 0 || settings.secondFactor === 'OFF') return 'NONE_ENROLLED'
    const asked = await store.findNewestChallenge(unit, user.id, 'REAUTHENTICATION')
    const offered = await this.offeredIn(unit, user.id, factors, settings)
    for (const method of methodsOf(code, passkeyResponse)) {
      if (!offered.includes(method)) continue
      const answer = { method, code, passkeyResponse }
      if (await this.verifier.accept(unit, user.id, factors, answer, asked)) return 'CORRECT'
    }
    return 'INCORRECT'
  }

  /** The methods that a user with these second factors can answer a second step with. */
  async offered(
    unit: UnitOfWork,
    userId: string,
    factors: readonly SecondFactorEntity[],
  ): Promise<readonly AnswerMethod[]> {
    return this.offeredIn(unit, userId, factors, await this.settings.readIn(unit))
  }

  /**
   * Sends a code for a challenge to the enrolled phone. A code sent earlier for this challenge
   * stops working.
   */
  async sendCode(
    token: string,
    deviceToken: string | undefined,
    origin: RequestOrigin,
  ): Promise<CodeResult> {
    const challenge = await this.database.read(unit => store.findChallenge(unit, hashToken(token)))
    if (challenge === null) return { kind: 'expired' }
    const { id, userId, passwordChangedAt } = challenge
    const factor = await this.database.read(async unit => {
      const factors = await this.factors.listIn(unit, userId)
      if (!(await this.offered(unit, userId, factors)).includes('SMS')) return undefined
      return factors.find(({ method }) => method === 'SMS')
    })
    if (factor?.phone == null) return { kind: 'notSent' }
    const user = { id: userId, passwordChangedAt }
    const known = await this.knownOrigins.find(user, origin.ip, deviceToken)
    const wait = await this.throttle.begin({ ip: origin.ip, of: { smsTo: userId, known } })
    if (wait !== null) {
      return { kind: 'tooManyAttempts', retryAfterSeconds: wait.retryAfterSeconds }
    }
    const code = newSmsCode()
    const smsCodeHash = await this.box.sign(code, challengeCodeOf(id, factor.id))
    await this.database.write(unit => store.updateChallenge(unit, id, { smsCodeHash }))
    const language = await this.languageOf(userId)
    return { kind: (await this.sms.sendCode(factor.phone, code, language)) ? 'sent' : 'notSent' }
  }

  private async languageOf(userId: string): Promise<Language> {
    const [user] = await this.database.read(unit => this.users.findManyIn(unit, [userId]))
    const { defaultLanguage } = await this.settings.readAccountDefaults()
    const { name } = await this.settings.readLook()
    return Language.of([user?.language ?? '', defaultLanguage]).named(name ?? productName)
  }

  /**
   * Begins a sign-in with only a passkey. It needs no login, reveals nothing about users, and
   * stores nothing. So anybody may begin as many as they like.
   */
  async beginPasskeySignIn(): Promise<PasskeySignIn> {
    const challenge = randomBytes(32).toString('base64url')
    const begun = `${challenge}.${Date.now() + lifetimeMs}`
    return {
      token: `${begun}.${await this.box.sign(begun, passkeySignIn)}`,
      options: await this.passkeys.authenticationOptions(null, challenge),
    }
  }

  /**
   * The challenge that the passkey had to sign, from the token of a sign-in by passkey. Null if
   * Rekey did not issue the token, or it has expired.
   */
  async readPasskeySignIn(
    token: string,
  ): Promise<{ readonly challenge: string; readonly expiresAt: Date } | null> {
    const [challenge = '', expires = '', signature = '', ...rest] = token.split('.')
    const genuine = await this.box.verify(`${challenge}.${expires}`, passkeySignIn, signature)
    const expiresAt = new Date(Number(expires))
    if (!genuine || rest.length > 0 || expiresAt <= new Date()) return null
    return { challenge, expiresAt }
  }

  /** The challenge with this token, or null. */
  findChallenge(unit: UnitOfWork, token: string): Promise<SignInChallengeEntity | null> {
    return store.findChallenge(unit, hashToken(token))
  }

  /** Counts an answer to a challenge, before it is verified. */
  async countAnswer(unit: WritingUnitOfWork, challenge: SignInChallengeEntity): Promise<void> {
    await store.updateChallenge(unit, challenge.id, { attempts: challenge.attempts + 1 })
  }

  /** Marks a challenge as used: no further answer is accepted. */
  async markUsed(unit: WritingUnitOfWork, challenge: SignInChallengeEntity): Promise<void> {
    await store.updateChallenge(unit, challenge.id, { usedAt: new Date() })
  }

  /** True if this token of a sign-in by passkey was already used to sign in. */
  wasPasskeySignInUsed(unit: UnitOfWork, token: string): Promise<boolean> {
    return store.hasChallenge(unit, hashToken(token))
  }

  /** Records a sign-in by passkey, so that the same signature cannot be used again. */
  async recordPasskeySignIn(
    unit: WritingUnitOfWork,
    token: string,
    user: UserEntity,
    expiresAt: Date,
  ): Promise<void> {
    const now = new Date()
    await store.insertChallenge(unit, {
      id: uuidv7(),
      tokenHash: hashToken(token),
      purpose: 'PASSKEY_SIGN_IN',
      userId: user.id,
      passwordChangedAt: user.passwordChangedAt,
      webauthnChallenge: null,
      smsCodeHash: null,
      attempts: 1,
      createdAt: now,
      expiresAt,
      usedAt: now,
    })
  }

  private async issue(
    unit: WritingUnitOfWork,
    user: UserEntity,
    purpose: SignInChallengePurpose,
    factors: readonly SecondFactorEntity[],
    settings: SecuritySettings,
  ): Promise<SignInChallenge> {
    const methods = await this.offeredIn(unit, user.id, factors, settings)
    const own = factors.filter(factor => factor.method === 'PASSKEY')
    const phone = factors.find(factor => factor.method === 'SMS')?.phone ?? null
    const passkeyOptions = methods.includes('PASSKEY')
      ? await this.passkeys.authenticationOptions(own)
      : null
    const token = newToken()
    const now = new Date()
    const expiresAt = new Date(now.getTime() + lifetimeMs)
    await store.insertChallenge(unit, {
      id: uuidv7(),
      tokenHash: hashToken(token),
      purpose,
      userId: user.id,
      passwordChangedAt: user.passwordChangedAt,
      webauthnChallenge: passkeyOptions?.challenge ?? null,
      smsCodeHash: null,
      attempts: 0,
      createdAt: now,
      expiresAt,
      usedAt: null,
    })
    return {
      token,
      methods,
      passkeyOptions,
      phoneHint: methods.includes('SMS') && phone !== null ? phoneHintOf(phone) : null,
      canTrustDevice: purpose === 'SIGN_IN' && settings.trustedDevices !== 'NEVER',
      expiresAt,
    }
  }

  /**
   * The user's methods that the account allows. If it no longer allows any of them, all of the
   * user's methods: otherwise only the password would be required.
   */
  private async offeredIn(
    unit: UnitOfWork,
    userId: string,
    factors: readonly SecondFactorEntity[],
    settings: SecuritySettings,
  ): Promise<readonly AnswerMethod[]> {
    const had = new Set<AnswerMethod>(factors.map(factor => factor.method))
    if (!this.sms.isAvailable) had.delete('SMS')
    const allowed = this.factors.enrollable(settings).filter(method => had.has(method))
    const offered = new Set<AnswerMethod>(allowed.length > 0 ? allowed : had)
    if ((await store.countRecoveryCodes(unit, userId)) > 0) offered.add('RECOVERY_CODE')
    return answerMethods.filter(method => offered.has(method))
  }
}

/** The methods that an answer without a method may belong to. */
const methodsOf = (code: string | null, passkeyResponse: unknown): AnswerMethod[] => {
  if (passkeyResponse != null) return ['PASSKEY']
  if (code === null) return []
  return readRecoveryCode(code) === null ? ['TOTP', 'SMS'] : ['RECOVERY_CODE']
}
