import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * When temporary passwords stop working, and when users were reminded of the age of their password.
 * Temporary passwords of earlier versions have no end.
 */
export class PasswordAge1765270055000 implements MigrationInterface {
  name = 'PasswordAge1765270055000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN password_expires_at bigint')
    await runner.query('ALTER TABLE users ADD COLUMN password_reminded_at bigint')
    // The users who may be reminded, the oldest password first.
    await runner.query(`CREATE INDEX users_by_password_age
      ON users (password_changed_at, id, password_reminded_at)
      WHERE status = 'ACTIVE' AND NOT must_change_password AND password_changed_at IS NOT NULL`)
  }

  /** Ends temporary passwords that have expired: without the column, they would work again. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_by_password_age')
    await runner.query('ALTER TABLE users DROP COLUMN password_reminded_at')
    await runner.query(`UPDATE users SET password_hash = NULL
      WHERE password_expires_at <= ${Date.now()}`)
    await runner.query('ALTER TABLE users DROP COLUMN password_expires_at')
  }
}
