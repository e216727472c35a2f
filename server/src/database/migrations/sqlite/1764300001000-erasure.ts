import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The search index forgets who is deleted at once, not when its parts are merged some day. */
export class Erasure1764300001000 implements MigrationInterface {
  name = 'Erasure1764300001000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO users_search (users_search, rank) VALUES ('secure-delete', 1)")
    // What was left in it so far.
    await runner.query("INSERT INTO users_search (users_search) VALUES ('rebuild')")
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO users_search (users_search, rank) VALUES ('secure-delete', 0)")
  }
}
