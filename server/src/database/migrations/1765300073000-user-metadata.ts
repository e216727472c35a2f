import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What another system stores about a user. */
export class UserMetadata1765300073000 implements MigrationInterface {
  name = 'UserMetadata1765300073000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN metadata varchar')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN metadata')
  }
}
