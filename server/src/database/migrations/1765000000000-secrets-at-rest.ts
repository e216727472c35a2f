import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The bodies of mails are encrypted. From now on, device tokens depend on the password. */
export class SecretsAtRest1765000000000 implements MigrationInterface {
  name = 'SecretsAtRest1765000000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox_mails ADD COLUMN sealed_body varchar')
    // Earlier device tokens do not depend on a password. They stay valid until their user's
    // password changes, so the time of this migration is stored.
    const now = Date.now()
    await runner.query(`INSERT INTO server_secrets (name, value)
      SELECT 'device-tokens-bound-since', '${now}' FROM server_secrets WHERE name = 'device-token'`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DELETE FROM server_secrets WHERE name = 'device-tokens-bound-since'")
    await runner.query('ALTER TABLE outbox_mails DROP COLUMN sealed_body')
  }
}
