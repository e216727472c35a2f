import type { MigrationInterface, QueryRunner } from 'typeorm'
import { settings } from '../settings.js'

/** Settings of the account, allowed addresses, known networks, when someone last proved who they are. */
export class Settings1764400000000 implements MigrationInterface {
  name = 'Settings1764400000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of settings('varchar')) await runner.query(statement)
  }

  async down(): Promise<void> {
    throw new Error('What was set has nowhere to go back to.')
  }
}
