/**
 * The statements that both engines share for the migration `settings`.
 *
 * @param text the engine's type for a text that is ordered by code points.
 */
export const settings = (text: string): string[] => [
  `CREATE TABLE account_settings (
    name ${text} PRIMARY KEY NOT NULL,
    value ${text} NOT NULL,
    updated_at bigint NOT NULL
  )`,
  `CREATE TABLE allowed_addresses (
    id ${text} PRIMARY KEY NOT NULL,
    range ${text} NOT NULL,
    label ${text} NOT NULL,
    created_at bigint NOT NULL,
    created_by ${text} REFERENCES users (id) ON DELETE SET NULL
  )`,
  'CREATE UNIQUE INDEX allowed_addresses_range ON allowed_addresses (range)',
  `CREATE TABLE sign_in_networks (
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    network ${text} NOT NULL,
    last_seen_at bigint NOT NULL,
    PRIMARY KEY (user_id, network)
  )`,
  'ALTER TABLE sessions ADD COLUMN proved_at bigint NOT NULL DEFAULT 0',
  'UPDATE sessions SET proved_at = created_at',
]
