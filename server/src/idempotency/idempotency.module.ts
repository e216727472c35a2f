import type { Database } from '../database/database.js'
import { deletedWithTheKey } from '../secrets/sealed-data.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SessionService } from '../sessions/session.service.js'
import { ClaimKeeper } from './claim-keeper.js'
import { claimLastsMs, IdempotencyService, renewClaimEveryMs } from './idempotency.service.js'
import { IdempotencyRecordEntity } from './idempotency-record.entity.js'

interface Needs {
  readonly database: Database
  readonly secrets: SecretBox
  readonly sessions: SessionService
}

/** Mutations that can be retried safely with an `Idempotency-Key`. */
export const idempotencyModule = {
  entities: [IdempotencyRecordEntity],
  sealed: [deletedWithTheKey(IdempotencyRecordEntity)],
  create: ({ database, secrets, sessions }: Needs) => {
    const claims = new ClaimKeeper(database, {
      lastsMs: claimLastsMs,
      renewEveryMs: renewClaimEveryMs,
    })
    const idempotency = new IdempotencyService(database, secrets, sessions, claims)
    return {
      services: { idempotency },
      jobs: [
        { work: claims, failureMessage: 'claims of idempotent requests could not be renewed' },
      ],
      sweeps: [() => idempotency.sweep()],
    }
  },
}
