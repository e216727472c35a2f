import type { MigrationInterface, QueryRunner } from 'typeorm'
import { settings } from '../settings.js'

/**
 * Settings of the account, allowed addresses, known networks, the time of the last proof of
 * identity.
 */
export class Settings1764400000000 implements MigrationInterface {
  name = 'Settings1764400000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of settings(`varchar COLLATE "C"`)) await runner.query(statement)
  }

  async down(): Promise<void> {
    throw new Error('The settings would be lost.')
  }
}
