import type { MigrationInterface, QueryRunner } from 'typeorm'

// The newest activation by the link of an invitation. Earlier versions had no other activation.
const activatedAt = `SELECT MAX(activation.at) FROM operations activation
  WHERE activation.subject_id = users.id AND activation.action = 'ACTIVATE_USER'
    AND activation.outcome = 'DONE'`

/**
 * When a user last proved that they receive mail at their login, and which links can prove it.
 *
 * A user who activated their account by the link of an invitation gets the time of that activation.
 * The column stays null if the login may have changed since: an edit after it named the login, or
 * named nothing, as all edits of early versions. It also stays null for users who only reset their
 * password, because a reset link that an operator created left the same operation. Owners of the
 * setup never used a mailed link.
 */
export class LoginVerified1765210048000 implements MigrationInterface {
  name = 'LoginVerified1765210048000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN login_verified_at bigint')
    await runner.query(`UPDATE users SET login_verified_at = (${activatedAt})
      WHERE status <> 'INVITED' AND NOT EXISTS (
        SELECT 1 FROM operations edit
        WHERE edit.subject_id = users.id AND edit.action = 'UPDATE_USER' AND edit.outcome = 'DONE'
          AND (edit.changes IS NULL OR edit.changes LIKE '%["login",%')
          AND edit.at >= (${activatedAt}))`)
    await runner.query(
      'ALTER TABLE one_time_links ADD COLUMN sent_to_login boolean NOT NULL DEFAULT false',
    )
    // A pending reset link may be an operator's. It expires within 30 minutes.
    await runner.query(
      "UPDATE one_time_links SET sent_to_login = true WHERE purpose = 'INVITATION'",
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE one_time_links DROP COLUMN sent_to_login')
    await runner.query('ALTER TABLE users DROP COLUMN login_verified_at')
  }
}
