import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Which passwords are temporary: someone else set them, and their users must replace them.
 *
 * A user who must change the password has a temporary one, unless an administrator required the
 * change after the password was set. That operation was recorded only if no change was required yet.
 */
export class TemporaryPasswords1765300066000 implements MigrationInterface {
  name = 'TemporaryPasswords1765300066000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE users ADD COLUMN password_temporary boolean NOT NULL DEFAULT false',
    )
    await runner.query(`UPDATE users SET password_temporary = true
      WHERE must_change_password AND (password_expires_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM operations requirement
        WHERE requirement.subject_id = users.id
          AND requirement.action = 'REQUIRE_PASSWORD_CHANGE' AND requirement.outcome = 'DONE'
          AND requirement.at >= users.password_changed_at))`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN password_temporary')
  }
}
