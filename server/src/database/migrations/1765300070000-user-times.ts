import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Indexes that find the users who were added or changed since a time. */
export class UserTimes1765300070000 implements MigrationInterface {
  name = 'UserTimes1765300070000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX users_by_update ON users (updated_at, id)')
    await runner.query('CREATE INDEX users_by_creation ON users (created_at, id)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_by_creation')
    await runner.query('DROP INDEX users_by_update')
  }
}
