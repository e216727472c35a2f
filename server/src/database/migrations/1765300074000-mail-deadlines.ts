import type { MigrationInterface, QueryRunner } from 'typeorm'

/** An index that finds the waiting mail with the earliest deadline. */
export class MailDeadlines1765300074000 implements MigrationInterface {
  name = 'MailDeadlines1765300074000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX outbox_mails_by_deadline ON outbox_mails (state, give_up_at, id)',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_mails_by_deadline')
  }
}
