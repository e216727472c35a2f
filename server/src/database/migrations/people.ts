/**
 * What both engines take of the migration `people`.
 *
 * @param text the engine's type of a text that is ordered by its code points.
 */
export const people = (text: string): string[] => [
  `ALTER TABLE users ADD COLUMN granted_permissions ${text} NOT NULL DEFAULT ''`,
  `ALTER TABLE users ADD COLUMN withdrawn_permissions ${text} NOT NULL DEFAULT ''`,
  `ALTER TABLE one_time_links ADD COLUMN end_reason ${text}`,
  // Of any login, whether it is someone's or not: who is behind it is looked up later.
  `CREATE TABLE password_reset_requests (
    id ${text} PRIMARY KEY NOT NULL,
    login ${text} NOT NULL,
    requested_at bigint NOT NULL,
    ip ${text} NOT NULL,
    user_agent ${text} NOT NULL,
    request_id ${text} NOT NULL
  )`,
]
