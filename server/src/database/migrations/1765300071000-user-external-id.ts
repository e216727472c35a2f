import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The id of a user in another system. */
export class UserExternalId1765300071000 implements MigrationInterface {
  name = 'UserExternalId1765300071000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN external_id varchar')
    await runner.query('CREATE UNIQUE INDEX users_by_external_id ON users (external_id)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_by_external_id')
    await runner.query('ALTER TABLE users DROP COLUMN external_id')
  }
}
