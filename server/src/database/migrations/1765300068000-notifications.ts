import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Which operations users are notified of, and up to when they have seen their notifications. */
export class Notifications1765300068000 implements MigrationInterface {
  name = 'Notifications1765300068000'

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.connection.options.type === 'postgres'
    // Ids are ordered by code points on both engines.
    const text = isPostgres ? 'varchar COLLATE "C"' : 'varchar'
    await runner.query('ALTER TABLE users ADD COLUMN notifications_seen_at bigint')
    await runner.query(`CREATE TABLE notifications (
      user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      operation_id ${text} NOT NULL,
      PRIMARY KEY (user_id, operation_id)
    )`)
    await runner.query('CREATE INDEX notifications_by_operation ON notifications (operation_id)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notifications')
    await runner.query('ALTER TABLE users DROP COLUMN notifications_seen_at')
  }
}
