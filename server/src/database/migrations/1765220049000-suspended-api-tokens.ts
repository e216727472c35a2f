import type { MigrationInterface, QueryRunner } from 'typeorm'

/** When an API token was suspended, because its owner was blocked; null if it is not suspended. */
export class SuspendedApiTokens1765220049000 implements MigrationInterface {
  name = 'SuspendedApiTokens1765220049000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_tokens ADD COLUMN suspended_at bigint')
  }

  /** Removes suspended tokens: without the column, they would work again. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM api_tokens WHERE suspended_at IS NOT NULL')
    await runner.query('ALTER TABLE api_tokens DROP COLUMN suspended_at')
  }
}
