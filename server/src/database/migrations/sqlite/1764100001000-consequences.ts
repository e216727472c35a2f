import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The outbox of mails, the reason why a session ended, and the server's own secrets. */
export class Consequences1764100001000 implements MigrationInterface {
  name = 'Consequences1764100001000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox_mails (
        id varchar PRIMARY KEY NOT NULL,
        recipient varchar NOT NULL,
        subject varchar NOT NULL,
        text varchar NOT NULL,
        html varchar NOT NULL,
        created_at bigint NOT NULL,
        attempts integer NOT NULL,
        next_attempt_at bigint NOT NULL
      )`)
    await runner.query('CREATE INDEX outbox_mails_by_due ON outbox_mails (next_attempt_at, id)')
    await runner.query('ALTER TABLE sessions ADD COLUMN end_reason varchar')
    await runner.query(`
      CREATE TABLE server_secrets (
        name varchar PRIMARY KEY NOT NULL,
        value varchar NOT NULL
      )`)
    // The counts use other keys from now on.
    await runner.query('DELETE FROM throttle_counts')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE server_secrets')
    await runner.query('ALTER TABLE sessions DROP COLUMN end_reason')
    await runner.query('DROP TABLE outbox_mails')
  }
}
