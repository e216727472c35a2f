import type { MigrationInterface, QueryRunner } from 'typeorm'
import { webhooks } from '../webhooks.js'

/** Webhooks, their events, and every delivery attempt. */
export class Webhooks1764700000000 implements MigrationInterface {
  name = 'Webhooks1764700000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of webhooks(`varchar COLLATE "C"`)) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['webhook_attempts', 'webhook_deliveries', 'webhook_events', 'webhooks']) {
      await runner.query(`DROP TABLE ${table}`)
    }
  }
}
