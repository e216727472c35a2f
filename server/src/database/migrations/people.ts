/**
 * The statements that both engines share for the migration `people`.
 *
 * @param text the engine's type for a text that is ordered by code points.
 */
export const people = (text: string): string[] => [
  `ALTER TABLE users ADD COLUMN granted_permissions ${text} NOT NULL DEFAULT ''`,
  `ALTER TABLE users ADD COLUMN withdrawn_permissions ${text} NOT NULL DEFAULT ''`,
  `ALTER TABLE one_time_links ADD COLUMN end_reason ${text}`,
  // For any login, whether it exists or not. The user is looked up later.
  `CREATE TABLE password_reset_requests (
    id ${text} PRIMARY KEY NOT NULL,
    login ${text} NOT NULL,
    requested_at bigint NOT NULL,
    ip ${text} NOT NULL,
    user_agent ${text} NOT NULL,
    request_id ${text} NOT NULL
  )`,
]
