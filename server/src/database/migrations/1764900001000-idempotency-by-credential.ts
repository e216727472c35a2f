import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The API token of a request with an Idempotency-Key, so that one token cannot use up the share of
 * its owner.
 */
export class IdempotencyByCredential1764900001000 implements MigrationInterface {
  name = 'IdempotencyByCredential1764900001000'

  async up(runner: QueryRunner): Promise<void> {
    const text = runner.connection.options.type === 'postgres' ? 'varchar COLLATE "C"' : 'varchar'
    await runner.query(`ALTER TABLE idempotency_records ADD COLUMN api_token_id ${text}`)
    await runner.query('DROP INDEX idempotency_records_by_user')
    // The index contains all columns that are counted.
    await runner.query(`CREATE INDEX idempotency_records_by_user
      ON idempotency_records (user_id, api_token_id, expires_at)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX idempotency_records_by_user')
    await runner.query('CREATE INDEX idempotency_records_by_user ON idempotency_records (user_id)')
    await runner.query('ALTER TABLE idempotency_records DROP COLUMN api_token_id')
  }
}
