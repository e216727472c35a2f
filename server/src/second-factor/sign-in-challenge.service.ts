import { randomBytes } from 'node:crypto'
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { hashToken, newToken } from '../sessions/session-token.js'
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

/** What is still to be shown before someone is signed in. */
export interface SignInChallenge {
  /** Names the challenge when it is answered. It opens nothing else. */
  readonly token: string
  readonly methods: readonly AnswerMethod[]
  /** What a passkey is asked by; null when there is none. */
  readonly passkeyOptions: PublicKeyCredentialRequestOptionsJSON | null
  /** As much of the phone number as its owner knows it by; null when there is none. */
  readonly phoneHint: string | null
  readonly canTrustDevice: boolean
  readonly expiresAt: Date
}

/** What became of a code that was to be sent. */
export type CodeResult =
  | { readonly kind: 'sent' | 'expired' | 'notSent' }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** A sign-in by passkey that was begun: nothing of it is kept before it is answered. */
export interface PasskeySignIn {
  readonly token: string
  readonly options: PublicKeyCredentialRequestOptionsJSON
}

const lastsMs = 10 * 60 * 1000
/** Wrong answers after which a challenge is worth nothing. */
const mostAttempts = 10

const passkeySignIn = { purpose: 'passkey-sign-in', owner: '' }

/** True while a challenge takes answers, from whoever still has the password it was given for. */
export const isAnswerable = (challenge: SignInChallengeEntity, user: UserEntity): boolean =>
  challenge.attempts < mostAttempts && user.status === 'ACTIVE' && isSamePassword(challenge, user)

/**
 * The second step. A challenge is given to whoever knew the password; it is no session,
 * lasts ten minutes and ends with the password it was given for.
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
   * The challenge of someone whose password was right, in the transaction that would sign
   * them in; null when nothing more is to be shown.
   *
   * @param trustedDeviceToken what the browser came with.
   */
  async begin(
    unit: WritingUnitOfWork,
    user: UserEntity,
    trustedDeviceToken: string | undefined,
  ): Promise<SignInChallenge | null> {
    const factors = await this.factors.listIn(unit, user.id)
    if (factors.length === 0) return null
    const settings = await this.settings.readIn(unit)
    if (settings.secondFactor === 'OFF') return null
    const { trustedDevices } = settings
    if (await this.trustedDevices.recognize(unit, user, trustedDeviceToken, trustedDevices)) {
      return null
    }
    return this.issue(unit, user, 'SIGN_IN', factors, settings)
  }

  /** Whether someone signed in has to enrol a second factor before anything else. */
  mustEnrol(user: UserEntity): Promise<boolean> {
    return this.factors.mustEnrol(user)
  }

  /** Whether a second factor is asked of a user, beside their password. */
  isAskedOf(user: UserEntity): Promise<boolean> {
    return this.factors.isAskedOf(user)
  }

  /**
   * What someone signed in proves again with who they are, beside their password; null
   * when they have no second factor.
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
   * Judges the second factor of someone who proves again who they are. In the transaction
   * of what the proof lets happen: an answer that was right is used up.
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

  /** What a second step of a user with these second factors can be answered with. */
  async offered(
    unit: UnitOfWork,
    userId: string,
    factors: readonly SecondFactorEntity[],
  ): Promise<readonly AnswerMethod[]> {
    return this.offeredIn(unit, userId, factors, await this.settings.readIn(unit))
  }

  /** Sends a code for a challenge to the phone that was enrolled. Another one before it ends. */
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
    return { kind: (await this.sms.sendCode(factor.phone, code)) ? 'sent' : 'notSent' }
  }

  /**
   * Begins a sign-in by passkey alone. Nothing is asked of nor told about anyone, and
   * nothing is kept: anybody may begin as many as they like.
   */
  async beginPasskeySignIn(): Promise<PasskeySignIn> {
    const challenge = randomBytes(32).toString('base64url')
    const begun = `${challenge}.${Date.now() + lastsMs}`
    return {
      token: `${begun}.${await this.box.sign(begun, passkeySignIn)}`,
      options: await this.passkeys.authenticationOptions(null, challenge),
    }
  }

  /** What a passkey had to sign, by the token of a sign-in that was begun here and goes on; else null. */
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

  /** Whether somebody has signed in with this token of a sign-in by passkey. */
  wasPasskeySignInUsed(unit: UnitOfWork, token: string): Promise<boolean> {
    return store.hasChallenge(unit, hashToken(token))
  }

  /** Records a sign-in by passkey, so that the same signature signs nobody in again. */
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
    const expiresAt = new Date(now.getTime() + lastsMs)
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
   * What someone has of what the account allows. When it no longer allows any of it, what
   * they have: less than that would be the password alone.
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

/** What an answer without a method may be meant for. */
const methodsOf = (code: string | null, passkeyResponse: unknown): AnswerMethod[] => {
  if (passkeyResponse != null) return ['PASSKEY']
  if (code === null) return []
  return readRecoveryCode(code) === null ? ['TOTP', 'SMS'] : ['RECOVERY_CODE']
}
