import type { MigrationInterface, QueryRunner } from 'typeorm'
import { idempotency } from '../idempotency.js'

/** Answers to mutations that came with an Idempotency-Key. */
export class Idempotency1764800001000 implements MigrationInterface {
  name = 'Idempotency1764800001000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of idempotency('varchar')) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_records')
  }
}
