import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { PasskeyCeremonies } from './passkey-ceremonies.js'
import { readAssertion } from './passkey-ceremonies.js'
import type { SecondFactorEntity } from './second-factor.entity.js'
import * as store from './second-factor.store.js'
import type { SignInChallengeEntity } from './sign-in-challenge.entity.js'
import { latestTotpStep, totpStepOf } from './totp.js'
import { readDigits, readRecoveryCode } from './typed-codes.js'

/** What a second step is answered with: a factor, or a recovery code in its place. */
export const answerMethods = ['TOTP', 'PASSKEY', 'SMS', 'RECOVERY_CODE'] as const
export type AnswerMethod = (typeof answerMethods)[number]

/** An answer to a second step. */
export interface SecondFactorAnswer {
  readonly method: AnswerMethod
  /** What was typed; null with a passkey. */
  readonly code: string | null
  /** What the browser made of a passkey, unchecked; null with a code. */
  readonly passkeyResponse: unknown
}

/** What an answer refers to, as far as it was given out before. */
export type Asked = Pick<SignInChallengeEntity, 'id' | 'webauthnChallenge' | 'smsCodeHash'>

/** What the keyed hash of a recovery code is for. */
export const recoveryCodeOf = (owner: string) => ({ purpose: 'recovery-code', owner })

/** What the sealed secret of an authenticator app is for. */
export const totpSecretOf = (owner: string) => ({ purpose: 'totp', owner })

/**
 * What the keyed hash of a code by SMS is for.
 *
 * @param owner the challenge or enrolment it answers, and no other.
 */
export const smsCodeOf = (owner: string) => ({ purpose: 'sms-code', owner })

/** Of a challenge it belongs to the phone it was sent to as well: to another one it says nothing. */
export const challengeCodeOf = (challengeId: string, factorId: string) =>
  smsCodeOf(`${challengeId} ${factorId}`)

// Clocks of instances differ by less than two steps. From then on, the clock was ahead.
const toleratedSteps = 2

/** The step of the last code that was taken; 0 if the clock was ahead then, or there was none. */
const lastUsedStepOf = ({ lastUsedStep }: SecondFactorEntity, now: Date): number =>
  lastUsedStep === null || lastUsedStep > latestTotpStep(now) + toleratedSteps ? 0 : lastUsedStep

/** Judges answers to a second step. One that was right is used up in the same transaction. */
export class SecondFactorVerifier {
  constructor(
    private readonly box: SecretBox,
    private readonly passkeys: PasskeyCeremonies,
  ) {}

  /**
   * True when the answer is right, and was given for the first time.
   *
   * @param factors all that the user has.
   */
  async accept(
    unit: WritingUnitOfWork,
    userId: string,
    factors: readonly SecondFactorEntity[],
    answer: SecondFactorAnswer,
    asked: Asked | null,
  ): Promise<boolean> {
    switch (answer.method) {
      case 'TOTP':
        return this.acceptTotp(unit, userId, factors, answer.code ?? '')
      case 'PASSKEY':
        return this.acceptPasskey(unit, userId, answer.passkeyResponse, asked)
      case 'SMS':
        return this.acceptSms(unit, factors, answer.code ?? '', asked)
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
      // Works once (RFC 6238, 5.2): neither this code again nor one from before it.
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
    asked: Asked | null,
  ): Promise<boolean> {
    const assertion = readAssertion(sent)
    const challenge = asked?.webauthnChallenge ?? null
    if (assertion === null || asked === null || challenge === null) return false
    const passkey = await store.findPasskey(unit, assertion.id)
    if (passkey === null || passkey.userId !== userId) return false
    const expected = { challenge, userVerification: false }
    const signCount = await this.passkeys.verifyAssertion(assertion, passkey, expected)
    if (signCount === null) return false
    await store.updateFactor(unit, passkey.id, { signCount, lastUsedAt: new Date() })
    // What was signed is signed for good: it answers nothing a second time.
    await store.updateChallenge(unit, asked.id, { webauthnChallenge: null })
    return true
  }

  private async acceptSms(
    unit: WritingUnitOfWork,
    factors: readonly SecondFactorEntity[],
    typed: string,
    asked: Asked | null,
  ): Promise<boolean> {
    const code = readDigits(typed)
    if (code === null || asked === null || asked.smsCodeHash === null) return false
    const factor = factors.find(({ method }) => method === 'SMS')
    if (factor === undefined) return false
    if (!(await this.box.verify(code, challengeCodeOf(asked.id, factor.id), asked.smsCodeHash)))
      return false
    await store.updateChallenge(unit, asked.id, { smsCodeHash: null })
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
