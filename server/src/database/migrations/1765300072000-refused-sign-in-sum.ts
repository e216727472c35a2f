import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Up to which operation refused sign-ins are summed up for webhooks. */
export class RefusedSignInSum1765300072000 implements MigrationInterface {
  name = 'RefusedSignInSum1765300072000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE refused_sign_in_sum (
      id varchar PRIMARY KEY NOT NULL,
      summed_to integer NOT NULL,
      summed_at bigint NOT NULL
    )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_sign_in_sum')
  }
}
