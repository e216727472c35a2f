import type { MigrationInterface, QueryRunner } from 'typeorm'
import { apiTokens } from '../api-tokens.js'

const unchangeable = [
  'id',
  'at',
  'action',
  'outcome',
  'reason',
  'actor_id',
  'subject_id',
  'ip',
  'user_agent',
  'request_id',
]

const refuseUpdate = async (runner: QueryRunner, columns: readonly string[]): Promise<void> => {
  const changed = columns.map(column => `OLD.${column} IS NOT NEW.${column}`).join(' OR ')
  await runner.query('DROP TRIGGER operations_refuse_update')
  await runner.query(`
    CREATE TRIGGER operations_refuse_update BEFORE UPDATE ON operations
    WHEN OLD.number IS NOT NULL OR ${changed}
    BEGIN SELECT RAISE(ABORT, 'Operations are only ever added.'); END`)
}

/** API tokens, and the API token with which an operation was done. */
export class ApiTokens1764800000000 implements MigrationInterface {
  name = 'ApiTokens1764800000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of apiTokens('varchar')) await runner.query(statement)
    await refuseUpdate(runner, [...unchangeable, 'api_token_prefix'])
  }

  async down(runner: QueryRunner): Promise<void> {
    await refuseUpdate(runner, unchangeable)
    await runner.query('ALTER TABLE operations DROP COLUMN api_token_prefix')
    await runner.query('DROP TABLE api_tokens')
  }
}
