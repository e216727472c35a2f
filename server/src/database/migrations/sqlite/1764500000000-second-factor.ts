import type { MigrationInterface, QueryRunner } from 'typeorm'
import { secondFactor } from '../second-factor.js'

/** Second factors, recovery codes, sign-in in steps, trusted devices. */
export class SecondFactor1764500000000 implements MigrationInterface {
  name = 'SecondFactor1764500000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of secondFactor('varchar')) await runner.query(statement)
  }

  async down(): Promise<void> {
    throw new Error('Without second factors, a password would be enough to sign in.')
  }
}
