import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Bodies of mails are sealed. Device tokens are bound to the password from now on. */
export class SecretsAtRest1765000000000 implements MigrationInterface {
  name = 'SecretsAtRest1765000000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox_mails ADD COLUMN sealed_body varchar')
    // Device tokens from before are not bound to a password. They stay valid until the next
    // change of their user's password, so the moment when binding began is needed.
    const now = Date.now()
    await runner.query(`INSERT INTO server_secrets (name, value)
      SELECT 'device-tokens-bound-since', '${now}' FROM server_secrets WHERE name = 'device-token'`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DELETE FROM server_secrets WHERE name = 'device-tokens-bound-since'")
    await runner.query('ALTER TABLE outbox_mails DROP COLUMN sealed_body')
  }
}
