import { createHash } from 'node:crypto'
import type { MigrationInterface, QueryRunner } from 'typeorm'

const actions: Record<string, string> = {
  'session.logIn': 'LOG_IN',
  'session.logOut': 'LOG_OUT',
  'password.change': 'CHANGE_PASSWORD',
  'user.update': 'UPDATE_USER',
  'owner.setUp': 'SET_UP_OWNER',
}

/** Numbers the operations, chains them by hashes, and rejects changes and deletions. */
export class OperationChain1764100000000 implements MigrationInterface {
  name = 'OperationChain1764100000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE operations RENAME TO unchained_operations')
    await runner.query(`
      CREATE TABLE operations (
        number integer PRIMARY KEY NOT NULL,
        at bigint NOT NULL,
        action varchar NOT NULL,
        outcome varchar NOT NULL,
        reason varchar,
        actor_id varchar,
        subject_id varchar,
        ip varchar NOT NULL,
        user_agent varchar NOT NULL,
        request_id varchar NOT NULL,
        previous_hash varchar NOT NULL,
        hash varchar NOT NULL
      )`)
    const rows = await runner.query('SELECT * FROM unchained_operations ORDER BY id')
    let previousHash = '0'.repeat(64)
    for (const [index, row] of rows.entries()) {
      const values = [
        index + 1,
        Number(row.at),
        actions[row.action] ?? row.action,
        row.outcome,
        row.reason,
        row.actor_id,
        row.subject_id,
        row.ip,
        row.user_agent,
        row.request_id,
        previousHash,
      ]
      // The same as operation-chain.ts when this was written, because a migration must not depend
      // on other code.
      previousHash = createHash('sha256').update(JSON.stringify(values)).digest('hex')
      await runner.query('INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
        ...values,
        previousHash,
      ])
    }
    await runner.query('DROP TABLE unchained_operations')
    for (const column of ['actor_id', 'subject_id', 'action', 'outcome', 'ip', 'at']) {
      await runner.query(`CREATE INDEX operations_by_${column} ON operations (${column}, number)`)
    }
    for (const change of ['UPDATE', 'DELETE']) {
      await runner.query(`
        CREATE TRIGGER operations_refuse_${change.toLowerCase()} BEFORE ${change} ON operations
        BEGIN SELECT RAISE(ABORT, 'Operations are only ever added.'); END`)
    }
  }

  async down(): Promise<void> {
    throw new Error('Chained operations cannot be unchained.')
  }
}
