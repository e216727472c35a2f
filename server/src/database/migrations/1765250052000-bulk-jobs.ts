import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Jobs that apply one action to many users, and the users of each job. */
export class BulkJobs1765250052000 implements MigrationInterface {
  name = 'BulkJobs1765250052000'

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.connection.options.type === 'postgres'
    // Ids are ordered by code points on both engines.
    const text = isPostgres ? 'varchar COLLATE "C"' : 'varchar'
    await runner.query(`CREATE TABLE bulk_jobs (
      id ${text} PRIMARY KEY NOT NULL,
      starter_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      api_token_id ${text},
      api_token_prefix ${text},
      action ${text} NOT NULL,
      reason ${text},
      status ${text} NOT NULL,
      stop_reason ${text},
      total integer NOT NULL,
      done integer NOT NULL,
      refused integer NOT NULL,
      skipped integer NOT NULL,
      created_at bigint NOT NULL,
      finished_at bigint,
      ip ${text} NOT NULL,
      user_agent ${text} NOT NULL,
      request_id ${text} NOT NULL
    )`)
    await runner.query('CREATE INDEX bulk_jobs_by_starter ON bulk_jobs (starter_id, id)')
    await runner.query(
      'CREATE INDEX bulk_jobs_unfinished ON bulk_jobs (id) WHERE finished_at IS NULL',
    )
    // The user id has no foreign key: the result of a deletion outlives the user.
    await runner.query(`CREATE TABLE bulk_job_users (
      job_id ${text} NOT NULL REFERENCES bulk_jobs (id) ON DELETE CASCADE,
      position integer NOT NULL,
      user_id ${text} NOT NULL,
      outcome ${text},
      reason ${text},
      PRIMARY KEY (job_id, position)
    )`)
    await runner.query(
      'CREATE INDEX bulk_job_users_by_outcome ON bulk_job_users (job_id, outcome, position)',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bulk_job_users')
    await runner.query('DROP TABLE bulk_jobs')
  }
}
