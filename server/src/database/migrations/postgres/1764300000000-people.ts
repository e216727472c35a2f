import type { MigrationInterface, QueryRunner } from 'typeorm'
import { people } from '../people.js'

/** Permissions of single users, reasons why links ended, requests for a password reset. */
export class People1764300000000 implements MigrationInterface {
  name = 'People1764300000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of people(`varchar COLLATE "C"`)) await runner.query(statement)
  }

  async down(): Promise<void> {
    throw new Error('Granted and withdrawn permissions would be lost.')
  }
}
