import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The search index removes a deleted user immediately, instead of when its parts are merged. */
export class Erasure1764300001000 implements MigrationInterface {
  name = 'Erasure1764300001000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO users_search (users_search, rank) VALUES ('secure-delete', 1)")
    // Removes the remains of earlier deletions.
    await runner.query("INSERT INTO users_search (users_search) VALUES ('rebuild')")
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO users_search (users_search, rank) VALUES ('secure-delete', 0)")
  }
}
