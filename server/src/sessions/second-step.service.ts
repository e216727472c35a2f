import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { OperationService } from '../operations/operation.service.js'
import {
  type PasskeyCeremonies,
  readAssertion,
  userHandleOf,
} from '../second-factor/passkey-ceremonies.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type {
  SecondFactorAnswer,
  SecondFactorVerifier,
} from '../second-factor/second-factor-verifier.js'
import {
  isAnswerable,
  type SignInChallengeService,
} from '../second-factor/sign-in-challenge.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { KnownOriginService } from '../throttle/known-origin.service.js'
import type { PasswordAttempt, ThrottleService, Wait } from '../throttle/throttle.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { SessionService } from './session.service.js'

/** The tokens in the cookies of a browser. */
interface BrowserTokens {
  readonly sessionToken: string | undefined
  readonly deviceToken: string | undefined
}

/** The answer to a second step. */
export interface SecondStep extends SecondFactorAnswer {
  readonly token: string
  /** Whether to trust this browser, so that it needs no second factor for a while. */
  readonly trustDevice: boolean
}

/** The result of a second step, or of a sign-in with a passkey. */
export type SecondStepResult =
  | {
      readonly kind: 'signedIn'
      readonly user: UserEntity
      readonly token: string
      /** Marks the browser as known; null if it is known already. */
      readonly deviceToken: string | null
      /** Marks the browser as trusted; null if it is not. */
      readonly trustedDeviceToken: string | null
    }
  | { readonly kind: 'incorrect' | 'expired' | 'blocked' | 'addressNotAllowed' }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** Signs in users who complete the second step, or who use only a passkey. */
export class SecondStepService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly settings: SettingsService,
    private readonly challenges: SignInChallengeService,
    private readonly factors: SecondFactorService,
    private readonly verifier: SecondFactorVerifier,
    private readonly trustedDevices: TrustedDeviceService,
    private readonly passkeys: PasskeyCeremonies,
    private readonly operations: OperationService,
    private readonly throttle: ThrottleService,
    private readonly devices: DeviceTokenService,
    private readonly knownOrigins: KnownOriginService,
    private readonly ipAuthorization: IpAuthorizationService,
  ) {}

  /**
   * Answers a challenge. Wrong answers count for the challenge and, across all challenges, for the
   * user.
   */
  async answer(
    step: SecondStep,
    browser: BrowserTokens,
    origin: RequestOrigin,
  ): Promise<SecondStepResult> {
    const challenge = await this.database.read(unit =>
      this.challenges.findChallenge(unit, step.token),
    )
    if (challenge === null || challenge.purpose !== 'SIGN_IN') return { kind: 'expired' }
    const { userId, passwordChangedAt } = challenge
    // The challenge is only valid with the password that it was created for.
    const deviceUser = { id: userId, passwordChangedAt }
    const known = await this.knownOrigins.find(deviceUser, origin.ip, browser.deviceToken)
    const attempt = { ip: origin.ip, of: { secondStepOf: userId, known } }
    return this.counted(attempt, userId, origin, async () => {
      const newDeviceToken = known.browser === null ? await this.devices.issue(deviceUser) : null
      return this.database.write(unit =>
        this.answerIn(unit, step, { ...browser, newDeviceToken }, attempt, origin),
      )
    })
  }

  private async answerIn(
    unit: WritingUnitOfWork,
    step: SecondStep,
    browser: BrowserTokens & { readonly newDeviceToken: string | null },
    attempt: PasswordAttempt,
    origin: RequestOrigin,
  ): Promise<SecondStepResult> {
    const challenge = await this.challenges.findChallenge(unit, step.token)
    const user = challenge === null ? null : await this.users.findIn(unit, challenge.userId)
    if (challenge === null || user === null || !isAnswerable(challenge, user)) {
      return { kind: 'expired' }
    }
    await this.challenges.countAnswer(unit, challenge)
    const factors = await this.factors.listIn(unit, user.id)
    const offered = await this.challenges.offered(unit, user.id, factors)
    const right =
      offered.includes(step.method) &&
      (await this.verifier.accept(unit, user.id, factors, step, challenge))
    if (!right) {
      await this.recordRefusal(unit, user.id, origin, 'SECOND_FACTOR_INCORRECT')
      return { kind: 'incorrect' }
    }
    await this.challenges.markUsed(unit, challenge)
    if (step.method === 'RECOVERY_CODE') {
      const left = await this.factors.countRecoveryCodesIn(unit, user.id)
      await this.factors.notify(unit, user, { kind: 'recoveryCodeUsed', left }, origin)
    }
    const signedIn = await this.signIn(
      unit,
      user,
      { ...browser, method: `PASSWORD, ${step.method}` },
      attempt,
      origin,
    )
    if (signedIn.kind !== 'signedIn' || !step.trustDevice) return signedIn
    const trustedDeviceToken = await this.trustedDevices.trust(unit, user, origin)
    return { ...signedIn, trustedDeviceToken }
  }

  /**
   * Signs in a user with a passkey as the only proof. The passkey identifies the user and has
   * verified them, so it proves two factors: something they have, and something they know or are.
   */
  async logInWithPasskey(
    token: string,
    response: unknown,
    browser: BrowserTokens,
    origin: RequestOrigin,
  ): Promise<SecondStepResult> {
    const begun = await this.challenges.readPasskeySignIn(token)
    if (begun === null) return { kind: 'expired' }
    const assertion = readAssertion(response)
    const owner = await this.database.read(async unit => {
      const passkey = assertion && (await this.factors.findPasskey(unit, assertion.id))
      return passkey && this.users.findIn(unit, passkey.userId)
    })
    const userId = owner?.id ?? null
    const known = await this.knownOrigins.find(owner, origin.ip, browser.deviceToken)
    const attempt = { ip: origin.ip, of: { passkeyOf: userId, known } }
    return this.counted(attempt, userId, origin, async () => {
      const newDeviceToken =
        owner === null || known.browser !== null ? null : await this.devices.issue(owner)
      return this.database.write(async (unit): Promise<SecondStepResult> => {
        if (await this.challenges.wasPasskeySignInUsed(unit, token)) return { kind: 'expired' }
        const user = await this.userOfPasskey(unit, response, begun.challenge)
        if (user === null) {
          await this.recordRefusal(unit, userId, origin, 'SECOND_FACTOR_INCORRECT')
          return { kind: 'incorrect' }
        }
        await this.challenges.recordPasskeySignIn(unit, token, user, begun.expiresAt)
        if (user.status === 'BLOCKED') {
          await this.throttle.succeed(unit, attempt)
          await this.recordRefusal(unit, user.id, origin, 'BLOCKED')
          return { kind: 'blocked' }
        }
        // An attacker may have enrolled this passkey before an administrator secured the account.
        if (user.passwordHash === null) {
          await this.recordRefusal(unit, user.id, origin, 'PASSWORD_MISSING')
          return { kind: 'incorrect' }
        }
        const signingIn = { ...browser, newDeviceToken, method: 'PASSKEY' }
        return this.signIn(unit, user, signingIn, attempt, origin)
      })
    })
  }

  /**
   * The user whose passkey signed this with user verification; null if the signature is not valid.
   */
  private async userOfPasskey(
    unit: WritingUnitOfWork,
    response: unknown,
    challenge: string,
  ): Promise<UserEntity | null> {
    const settings = await this.settings.readIn(unit)
    if (!this.factors.enrollable(settings).includes('PASSKEY')) return null
    const assertion = readAssertion(response)
    const passkey = assertion === null ? null : await this.factors.findPasskey(unit, assertion.id)
    if (assertion === null || passkey === null) return null
    // The user handle of the authenticator must match the owner of the passkey (WebAuthn Level 3,
    // 7.2, step 6).
    if (assertion.response.userHandle !== userHandleOf(passkey.userId)) return null
    const expected = { challenge, userVerification: true }
    const signCount = await this.passkeys.verifyAssertion(assertion, passkey, expected)
    if (signCount === null) return null
    await this.factors.recordPasskeyUse(unit, passkey.id, signCount)
    return this.users.findIn(unit, passkey.userId)
  }

  private async signIn(
    unit: WritingUnitOfWork,
    user: UserEntity,
    browser: BrowserTokens & { readonly newDeviceToken: string | null; readonly method: string },
    attempt: PasswordAttempt,
    origin: RequestOrigin,
  ): Promise<SecondStepResult> {
    await this.throttle.succeed(unit, attempt)
    // The first step may have come from another address, and a passkey has no first step.
    if (!(await this.ipAuthorization.allows(origin.ip))) {
      await this.recordRefusal(unit, user.id, origin, 'ADDRESS_NOT_ALLOWED')
      return { kind: 'addressNotAllowed' }
    }
    const { sessionToken: previousToken, newDeviceToken, method } = browser
    const signingIn = { previousToken, newDeviceToken, method, fullyProved: true }
    const result = await this.sessions.signIn(unit, user, signingIn, origin)
    if (result.kind !== 'signedIn') return { kind: 'expired' }
    return { ...result, trustedDeviceToken: null }
  }

  /** Counts the attempt, then does the work, unless the attempt must wait. */
  private async counted(
    attempt: PasswordAttempt,
    userId: string | null,
    origin: RequestOrigin,
    work: () => Promise<SecondStepResult>,
  ): Promise<SecondStepResult> {
    const wait: Wait | null = await this.throttle.begin(attempt)
    if (wait !== null) {
      if (wait.first) {
        await this.database.write(unit =>
          this.recordRefusal(unit, userId, origin, 'TOO_MANY_ATTEMPTS'),
        )
      }
      return { kind: 'tooManyAttempts', retryAfterSeconds: wait.retryAfterSeconds }
    }
    try {
      return await work()
    } catch (failure) {
      return this.throttle.withdrawAfter(failure, attempt)
    }
  }

  private recordRefusal(
    unit: WritingUnitOfWork,
    subjectId: string | null,
    origin: RequestOrigin,
    reason: string,
  ): Promise<void> {
    const refusal = { action: 'LOG_IN', outcome: 'REFUSED', actorId: null } as const
    return this.operations.record(unit, origin, { ...refusal, reason, subjectId })
  }
}
