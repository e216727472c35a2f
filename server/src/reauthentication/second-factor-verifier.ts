import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { UserEntity } from '../users/user.entity.js'

/** An answer to the second step, of whichever kind. */
export interface SecondFactorAnswer {
  /** A code, typed. */
  readonly code: string | null
  /** What the browser made of a passkey: a response of WebAuthn as JSON. */
  readonly passkeyResponse: unknown
}

/** What an answer to the second step was worth. */
export type SecondFactorVerdict = 'CORRECT' | 'INCORRECT' | 'NONE_ENROLLED'

/** Verifies the second factor of someone who proves again who they are. */
export interface SecondFactorVerifier {
  /** Whether one is asked of a user. */
  isAskedOf(user: UserEntity): Promise<boolean>
  /** In the transaction of what the proof lets happen: a code that was right is used up. */
  verifySecondFactor(
    unit: WritingUnitOfWork,
    user: UserEntity,
    answer: SecondFactorAnswer,
  ): Promise<SecondFactorVerdict>
}
