import type { MigrationInterface, QueryRunner } from 'typeorm'

// Nobody knows who has them. Links of the setup have no user.
const endHandedOver = `UPDATE one_time_links SET end_reason = 'REVOKED'
  WHERE NOT sent_to_login AND purpose <> 'SETUP' AND end_reason IS NULL`

/**
 * Who was given a link to hand it over. Such links of earlier versions end, because the server cannot
 * check whether their creators may still act on the users.
 */
export class LinkCreators1765280056000 implements MigrationInterface {
  name = 'LinkCreators1765280056000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE one_time_links ADD COLUMN created_by varchar')
    await runner.query(`CREATE INDEX one_time_links_by_creator ON one_time_links (created_by)
      WHERE created_by IS NOT NULL`)
    await runner.query(endHandedOver)
  }

  /** Ends the links too: an earlier version would accept them without a check of their creators. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(endHandedOver)
    await runner.query('DROP INDEX one_time_links_by_creator')
    await runner.query('ALTER TABLE one_time_links DROP COLUMN created_by')
  }
}
