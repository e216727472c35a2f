import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The transaction that did the work of a request with an Idempotency-Key. */
export class IdempotencyWork1765100001000 implements MigrationInterface {
  name = 'IdempotencyWork1765100001000'

  async up(runner: QueryRunner): Promise<void> {
    const text = runner.connection.options.type === 'postgres' ? 'varchar COLLATE "C"' : 'varchar'
    await runner.query(`ALTER TABLE idempotency_records ADD COLUMN work_id ${text}`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_records DROP COLUMN work_id')
  }
}
