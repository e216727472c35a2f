/**
 * The statements that both engines share for the migration `api-tokens`.
 *
 * @param text the engine's type for a text that is ordered by code points.
 */
export const apiTokens = (text: string): string[] => [
  `CREATE TABLE api_tokens (
    id ${text} PRIMARY KEY NOT NULL,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash ${text} NOT NULL UNIQUE,
    prefix ${text} NOT NULL,
    name ${text} NOT NULL,
    permissions ${text} NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    last_used_at bigint,
    last_used_ip ${text}
  )`,
  'CREATE INDEX api_tokens_by_user ON api_tokens (user_id, id)',
  'CREATE INDEX api_tokens_by_expiry ON api_tokens (expires_at)',
  `ALTER TABLE operations ADD COLUMN api_token_prefix ${text}`,
]
