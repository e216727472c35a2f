import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The figures of Home, which a background job counts; the same on both engines. */
export class HomeFigures1765300057000 implements MigrationInterface {
  name = 'HomeFigures1765300057000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE home_figures (
      id varchar PRIMARY KEY NOT NULL,
      figures varchar NOT NULL,
      counted_at bigint NOT NULL,
      claimed_until bigint NOT NULL
    )`)
    // The invitations that wait, those that expire first at the beginning.
    await runner.query(`CREATE INDEX one_time_links_open_invitations ON one_time_links (expires_at)
      WHERE purpose = 'INVITATION' AND end_reason IS NULL`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX one_time_links_open_invitations')
    await runner.query('DROP TABLE home_figures')
  }
}
