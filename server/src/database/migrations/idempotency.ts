/**
 * The statements that both engines share for the migration `idempotency`.
 *
 * @param text the engine's type for a text that is ordered by code points.
 */
export const idempotency = (text: string): string[] => [
  `CREATE TABLE idempotency_records (
    id ${text} PRIMARY KEY NOT NULL,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    fingerprint ${text} NOT NULL,
    mismatches integer NOT NULL,
    claim_id ${text} NOT NULL,
    claimed_until bigint NOT NULL,
    settled_at bigint,
    answer ${text},
    expires_at bigint NOT NULL
  )`,
  // For deleting the records of a user, and expired records.
  'CREATE INDEX idempotency_records_by_user ON idempotency_records (user_id)',
  'CREATE INDEX idempotency_records_by_expiry ON idempotency_records (expires_at)',
]
