import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The work that the imported password hashes need; the same on both engines. */
export class ImportedHashes1765240051000 implements MigrationInterface {
  name = 'ImportedHashes1765240051000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE imported_hash_work (kind varchar PRIMARY KEY, amount integer NOT NULL)',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE imported_hash_work')
  }
}
