import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * When a user's login was last changed, and the login before. Earlier versions did not store the
 * login before; the time is that of the newest edit that named the login.
 */
export class LoginChanged1765280056001 implements MigrationInterface {
  name = 'LoginChanged1765280056001'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN login_changed_at bigint')
    await runner.query('ALTER TABLE users ADD COLUMN former_login varchar')
    await runner.query(`UPDATE users SET login_changed_at = (
      SELECT MAX(edit.at) FROM operations edit
      WHERE edit.subject_id = users.id AND edit.action = 'UPDATE_USER' AND edit.outcome = 'DONE'
        AND edit.changes LIKE '%["login",%')`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN former_login')
    await runner.query('ALTER TABLE users DROP COLUMN login_changed_at')
  }
}
