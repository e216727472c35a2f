import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { PasskeyCeremonies } from './passkey-ceremonies.js'
import { readAssertion } from './passkey-ceremonies.js'
import type { SecondFactorEntity } from './second-factor.entity.js'
import * as store from './second-factor.store.js'
import type { SignInChallengeEntity } from './sign-in-challenge.entity.js'
import { latestTotpStep, totpStepOf } from './totp.js'
import { readDigits, readRecoveryCode } from './typed-codes.js'

/** The ways to answer a second step: a second factor, or a recovery code instead. */
export const answerMethods = ['TOTP', 'PASSKEY', 'SMS', 'RECOVERY_CODE'] as const
export type AnswerMethod = (typeof answerMethods)[number]

/** An answer to a second step. */
export interface SecondFactorAnswer {
  readonly method: AnswerMethod
  /** The entered code; null with a passkey. */
  readonly code: string | null
  /** The assertion from the browser, not validated yet; null with a code. */
  readonly passkeyResponse: unknown
}

/** The challenge that an answer refers to. */
export type OpenChallenge = Pick<SignInChallengeEntity, 'id' | 'webauthnChallenge' | 'smsCodeHash'>

/** The purpose and the owner of a recovery code's keyed hash. */
export const recoveryCodeOf = (owner: string) => ({ purpose: 'recovery-code', owner })

/** The purpose and the owner of an authenticator app's sealed secret. */
export const totpSecretOf = (owner: string) => ({ purpose: 'totp', owner })

/**
 * The purpose and the owner of an SMS code's keyed hash.
 *
 * @param owner the challenge or enrolment that the code is for. It is invalid for any other.
 */
export const smsCodeOf = (owner: string) => ({ purpose: 'sms-code', owner })

/**
 * As {@link smsCodeOf}, for a challenge. The code is bound to the factor as well, so it becomes
 * invalid if the user replaces the phone.
 */
export const challengeCodeOf = (challengeId: string, factorId: string) =>
  smsCodeOf(`${challengeId} ${factorId}`)

// The clocks of instances differ by less than two steps. If a step is further ahead, the clock
// was wrong.
const toleratedSteps = 2

/** The step of the last accepted code; 0 if there was none, or the clock was ahead then. */
const lastUsedStepOf = ({ lastUsedStep }: SecondFactorEntity, now: Date): number =>
  lastUsedStep === null || lastUsedStep > latestTotpStep(now) + toleratedSteps ? 0 : lastUsedStep

/**
 * Verifies answers to a second step. A correct answer is marked as used in the same
 * transaction.
 */
export class SecondFactorVerifier {
  constructor(
    private readonly box: SecretBox,
    private readonly passkeys: PasskeyCeremonies,
  ) {}

  /**
   * True if the answer is correct and was not used before.
   *
   * @param factors all second factors of the user.
   */
  async accept(
    unit: WritingUnitOfWork,
    userId: string,
    factors: readonly SecondFactorEntity[],
    answer: SecondFactorAnswer,
    challenge: OpenChallenge | null,
  ): Promise<boolean> {
    switch (answer.method) {
      case 'TOTP':
        return this.acceptTotp(unit, userId, factors, answer.code ?? '')
      case 'PASSKEY':
        return this.acceptPasskey(unit, userId, answer.passkeyResponse, challenge)
      case 'SMS':
        return this.acceptSms(unit, factors, answer.code ?? '', challenge)
      case 'RECOVERY_CODE':
        return this.acceptRecoveryCode(unit, userId, answer.code ?? '')
    }
  }

  private async acceptTotp(
    unit: WritingUnitOfWork,
    userId: string,
    factors: readonly SecondFactorEntity[],
    typed: string,
  ): Promise<boolean> {
    const code = readDigits(typed)
    if (code === null) return false
    const now = new Date()
    for (const factor of factors) {
      if (factor.method !== 'TOTP' || factor.secret === null) continue
      const secret = await this.box.unseal(factor.secret, totpSecretOf(userId))
      const step = totpStepOf(secret, code, now)
      // A code works once (RFC 6238, 5.2): reject this code and all earlier ones from now on.
      if (step === null || step <= lastUsedStepOf(factor, now)) continue
      await store.updateFactor(unit, factor.id, { lastUsedStep: step, lastUsedAt: now })
      return true
    }
    return false
  }

  private async acceptPasskey(
    unit: WritingUnitOfWork,
    userId: string,
    sent: unknown,
    challenge: OpenChallenge | null,
  ): Promise<boolean> {
    const assertion = readAssertion(sent)
    const webauthnChallenge = challenge?.webauthnChallenge ?? null
    if (assertion === null || challenge === null || webauthnChallenge === null) return false
    const passkey = await store.findPasskey(unit, assertion.id)
    if (passkey === null || passkey.userId !== userId) return false
    const expected = { challenge: webauthnChallenge, userVerification: false }
    const signCount = await this.passkeys.verifyAssertion(assertion, passkey, expected)
    if (signCount === null) return false
    await store.updateFactor(unit, passkey.id, { signCount, lastUsedAt: new Date() })
    // Delete the WebAuthn challenge, so that the signed assertion cannot be replayed.
    await store.updateChallenge(unit, challenge.id, { webauthnChallenge: null })
    return true
  }

  private async acceptSms(
    unit: WritingUnitOfWork,
    factors: readonly SecondFactorEntity[],
    typed: string,
    challenge: OpenChallenge | null,
  ): Promise<boolean> {
    const code = readDigits(typed)
    if (code === null || challenge === null || challenge.smsCodeHash === null) return false
    const factor = factors.find(({ method }) => method === 'SMS')
    if (factor === undefined) return false
    if (
      !(await this.box.verify(
        code,
        challengeCodeOf(challenge.id, factor.id),
        challenge.smsCodeHash,
      ))
    )
      return false
    await store.updateChallenge(unit, challenge.id, { smsCodeHash: null })
    await store.updateFactor(unit, factor.id, { lastUsedAt: new Date() })
    return true
  }

  private async acceptRecoveryCode(
    unit: WritingUnitOfWork,
    userId: string,
    typed: string,
  ): Promise<boolean> {
    const code = readRecoveryCode(typed.slice(0, 64))
    if (code === null) return false
    const hashes = await this.box.signWithEveryKey(code, recoveryCodeOf(userId))
    return store.useRecoveryCode(unit, userId, hashes, new Date())
  }
}
