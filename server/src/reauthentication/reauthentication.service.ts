import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { unauthenticated } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { SignInChallengeService } from '../second-factor/sign-in-challenge.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { KnownOriginService } from '../throttle/known-origin.service.js'
import type { PasswordAttempt, ThrottleService, Wait } from '../throttle/throttle.service.js'
import type { SessionCaller } from '../users/caller.js'
import { hasPasswordExpired } from '../users/password-age.js'
import { isSamePassword } from '../users/same-password.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** What a caller confirms their identity with. */
export interface Proof {
  /** The caller's own current password. */
  readonly password: string
  /** The entered code of a second factor, or a recovery code. */
  readonly code: string | null
  /** The WebAuthn response of a passkey, as JSON. Not validated yet. */
  readonly passkeyResponse: unknown
  /** The token of a browser that the caller has signed in with before. */
  readonly deviceToken: string | undefined
}

/** The result of verifying a proof. */
export type ReauthenticationResult =
  | {
      readonly kind: 'proved'
      /** The new token of the session. */
      readonly token: string
    }
  | { readonly kind: 'passwordIncorrect' | 'passwordExpired' | 'secondFactorIncorrect' }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** Lets a signed-in user confirm their identity again, as at sign-in. */
export class ReauthenticationService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly operations: OperationService,
    private readonly throttle: ThrottleService,
    private readonly knownOrigins: KnownOriginService,
    private readonly hasher: PasswordHasher,
    private readonly challenges: SignInChallengeService,
  ) {}

  /**
   * Verifies a proof. The session gets a new token, so that an attacker with a copy of the old
   * one cannot use the fresh proof.
   *
   * @throws RATE_LIMITED if too many password hashes are waiting; UNAUTHENTICATED if the
   * session ends meanwhile.
   */
  async reauthenticate(
    caller: SessionCaller,
    proof: Proof,
    origin: RequestOrigin,
  ): Promise<ReauthenticationResult> {
    const attempt = { ip: origin.ip, of: { callerId: caller.id, sessionId: caller.session.id } }
    return this.throttle.attempt<ReauthenticationResult>(attempt, {
      verify: async () => {
        const correct = await this.hasher.verifyPassword(caller.passwordHash, proof.password)
        if (correct && hasPasswordExpired(caller)) {
          return this.database.write(async unit => {
            await this.throttle.succeed(unit, attempt)
            return this.refuse(unit, caller, 'passwordExpired', origin)
          })
        }
        if (correct) return this.verifySecondStep(caller, proof, attempt, origin)
        return this.database.write(unit => this.refuse(unit, caller, 'passwordIncorrect', origin))
      },
      refuse: wait => this.refuseToWait(caller, wait, origin),
    })
  }

  /**
   * Verifies the second factor after a correct password. Wrong second factors must be counted
   * together with those at sign-in, not only with wrong passwords: a correct password, also one
   * in `changePassword`, resets the count of wrong passwords.
   */
  private async verifySecondStep(
    caller: SessionCaller,
    proof: Proof,
    attempt: PasswordAttempt,
    origin: RequestOrigin,
  ): Promise<ReauthenticationResult> {
    if (!(await this.challenges.mustProve(caller))) {
      return this.database.write(unit => this.complete(unit, caller, proof, [attempt], origin))
    }
    const known = await this.knownOrigins.find(caller, origin.ip, proof.deviceToken)
    const step = { ip: origin.ip, of: { secondStepOf: caller.id, known } }
    const wait = await this.throttle.begin(step)
    if (wait !== null) {
      await this.throttle.withdraw(attempt)
      return this.refuseToWait(caller, wait, origin)
    }
    try {
      return await this.database.write(unit =>
        this.complete(unit, caller, proof, [attempt, step], origin),
      )
    } catch (failure) {
      return this.throttle.withdrawAfter(failure, step)
    }
  }

  private async refuseToWait(
    user: UserEntity,
    { first, retryAfterSeconds }: Wait,
    origin: RequestOrigin,
  ): Promise<ReauthenticationResult> {
    if (first) {
      await this.operations.recordRefusal(origin, refusalOf(user, 'TOO_MANY_ATTEMPTS'))
    }
    return { kind: 'tooManyAttempts', retryAfterSeconds }
  }

  /** Verifies the second factor, in the transaction that records the proof. */
  private async complete(
    unit: WritingUnitOfWork,
    caller: SessionCaller,
    proof: Proof,
    attempts: readonly PasswordAttempt[],
    origin: RequestOrigin,
  ): Promise<ReauthenticationResult> {
    // The user may have changed since the password was verified, before this transaction.
    const current = await this.users.findIn(unit, caller.id)
    if (current === null || current.status !== 'ACTIVE') throw unauthenticated()
    if (!isSamePassword(current, caller)) {
      for (const attempt of attempts) await this.throttle.withdrawIn(unit, attempt)
      return this.refuse(unit, caller, 'passwordIncorrect', origin)
    }
    const verdict = await this.challenges.verifySecondFactor(unit, current, proof)
    if (verdict === 'INCORRECT') return this.refuse(unit, caller, 'secondFactorIncorrect', origin)
    for (const attempt of attempts) await this.throttle.succeed(unit, attempt)
    await this.throttle.clear(unit, 'PROOF', { id: caller.id, login: current.loginKey })
    const token = await this.sessions.rotate(unit, caller.session.id, true, origin)
    if (token === null) throw unauthenticated()
    await this.operations.record(unit, origin, {
      action: 'REAUTHENTICATE',
      outcome: 'DONE',
      actorId: caller.id,
      subjectId: caller.id,
    })
    return { kind: 'proved', token }
  }

  private async refuse(
    unit: WritingUnitOfWork,
    user: UserEntity,
    kind: keyof typeof reasons,
    origin: RequestOrigin,
  ): Promise<ReauthenticationResult> {
    const record = refusalOf(user, reasons[kind])
    await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED' })
    return { kind }
  }
}

const reasons = {
  passwordIncorrect: 'CURRENT_PASSWORD_INCORRECT',
  passwordExpired: 'PASSWORD_EXPIRED',
  secondFactorIncorrect: 'SECOND_FACTOR_INCORRECT',
} as const

const refusalOf = ({ id }: UserEntity, reason: string) =>
  ({ action: 'REAUTHENTICATE', reason, actorId: id, subjectId: id }) as const
