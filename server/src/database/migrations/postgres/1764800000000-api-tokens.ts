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

const refuseChange = (columns: readonly string[]): string => {
  const all = (row: 'OLD' | 'NEW') => columns.map(column => `${row}.${column}`).join(', ')
  return `CREATE OR REPLACE FUNCTION refuse_operation_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.number IS NULL
      AND (${all('OLD')}) IS NOT DISTINCT FROM (${all('NEW')})
    THEN RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Operations are only ever added.';
  END $$`
}

/** API tokens, and the API token with which an operation was done. */
export class ApiTokens1764800000000 implements MigrationInterface {
  name = 'ApiTokens1764800000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of apiTokens('varchar COLLATE "C"')) await runner.query(statement)
    await runner.query(refuseChange([...unchangeable, 'api_token_prefix']))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(refuseChange(unchangeable))
    await runner.query('ALTER TABLE operations DROP COLUMN api_token_prefix')
    await runner.query('DROP TABLE api_tokens')
  }
}
