import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The single row that readiness checks write and read; the same on both engines. */
export class Heartbeats1765100034000 implements MigrationInterface {
  name = 'Heartbeats1765100034000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE heartbeats (beat bigint NOT NULL)')
    await runner.query('INSERT INTO heartbeats (beat) VALUES (0)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE heartbeats')
  }
}
