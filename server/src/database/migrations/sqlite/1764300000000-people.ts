import type { MigrationInterface, QueryRunner } from 'typeorm'
import { people } from '../people.js'

/** Permissions of single people, links that tell why they ended, requests for a password reset. */
export class People1764300000000 implements MigrationInterface {
  name = 'People1764300000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of people('varchar')) await runner.query(statement)
  }

  async down(): Promise<void> {
    throw new Error('What was granted and withdrawn has nowhere to go back to.')
  }
}
