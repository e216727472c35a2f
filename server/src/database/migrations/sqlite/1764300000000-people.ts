import type { MigrationInterface, QueryRunner } from 'typeorm'
import { people } from '../people.js'

/** Permissions of single people, links that tell why they ended, requests for a password reset. */
export class People1764300000000 implements MigrationInterface {
  name = 'People1764300000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of people('varchar')) await runner.query(statement)
    // What is deleted leaves the search index at once, not with some later merge.
    await runner.query("INSERT INTO users_search (users_search, rank) VALUES ('secure-delete', 1)")
  }

  async down(): Promise<void> {
    throw new Error('What was granted and withdrawn has nowhere to go back to.')
  }
}
