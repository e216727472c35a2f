import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The users who must choose a new password, by name: few among many, so the table can filter them. */
export class RequiredChange1765215053000 implements MigrationInterface {
  name = 'RequiredChange1765215053000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX users_by_required_change ON users (name_key, id) WHERE must_change_password',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_by_required_change')
  }
}
