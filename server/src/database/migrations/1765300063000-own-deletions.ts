import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The requests of users to delete their own accounts. */
export class OwnDeletions1765300063000 implements MigrationInterface {
  name = 'OwnDeletions1765300063000'

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.connection.options.type === 'postgres'
    // Ids are ordered by code points on both engines.
    const text = isPostgres ? 'varchar COLLATE "C"' : 'varchar'
    await runner.query(`CREATE TABLE own_deletions (
      user_id ${text} PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      requested_at bigint NOT NULL,
      due_at bigint NOT NULL
    )`)
    await runner.query('CREATE INDEX own_deletions_by_due ON own_deletions (due_at, user_id)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE own_deletions')
  }
}
