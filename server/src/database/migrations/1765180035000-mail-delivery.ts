import type { MigrationInterface, QueryRunner } from 'typeorm'

const added = [
  "recipient_host varchar NOT NULL DEFAULT ''",
  'reference varchar',
  "state varchar NOT NULL DEFAULT 'WAITING'",
  'claimed_until bigint',
  'give_up_at bigint NOT NULL DEFAULT 0',
  'link_expires_at bigint',
  'failure varchar',
  'smtp_code integer',
  'ended_at bigint',
]

const fiveDaysMs = 5 * 24 * 60 * 60 * 1000

/** Mails can fail permanently, and all instances share what they know about the mail server. */
export class MailDelivery1765180035000 implements MigrationInterface {
  name = 'MailDelivery1765180035000'

  async up(runner: QueryRunner): Promise<void> {
    for (const column of added) {
      await runner.query(`ALTER TABLE outbox_mails ADD COLUMN ${column}`)
    }
    const host =
      runner.connection.options.type === 'postgres'
        ? "split_part(recipient, '@', 2)"
        : "substr(recipient, instr(recipient, '@') + 1)"
    await runner.query(`UPDATE outbox_mails
      SET recipient_host = lower(${host}), give_up_at = created_at + ${fiveDaysMs}`)
    await runner.query('DROP INDEX outbox_mails_by_due')
    await runner.query(
      'CREATE INDEX outbox_mails_by_due ON outbox_mails (state, next_attempt_at, id)',
    )
    await runner.query('CREATE INDEX outbox_mails_by_reference ON outbox_mails (reference)')
    await runner.query(`CREATE TABLE mail_delivery_state (
      id varchar PRIMARY KEY,
      last_delivered_at bigint,
      fault_since bigint,
      fault_reason varchar,
      fault_retry_at bigint
    )`)
    await runner.query("INSERT INTO mail_delivery_state (id) VALUES ('outbox')")
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_delivery_state')
    await runner.query("DELETE FROM outbox_mails WHERE state <> 'WAITING'")
    await runner.query('DROP INDEX outbox_mails_by_reference')
    await runner.query('DROP INDEX outbox_mails_by_due')
    await runner.query('CREATE INDEX outbox_mails_by_due ON outbox_mails (next_attempt_at, id)')
    for (const column of added) {
      await runner.query(`ALTER TABLE outbox_mails DROP COLUMN ${column.split(' ')[0]}`)
    }
  }
}
