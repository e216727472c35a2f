import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Users, sessions, operations, password history, one-time links, throttle counts. */
export class FirstTables1764000000000 implements MigrationInterface {
  name = 'FirstTables1764000000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id varchar PRIMARY KEY NOT NULL,
        login varchar NOT NULL,
        login_key varchar NOT NULL UNIQUE,
        first_name varchar NOT NULL,
        last_name varchar NOT NULL,
        name_key varchar NOT NULL,
        search_text varchar NOT NULL,
        phone varchar,
        language varchar NOT NULL,
        role varchar NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MEMBER')),
        status varchar NOT NULL CHECK (status IN ('INVITED', 'ACTIVE', 'BLOCKED')),
        password_hash varchar,
        password_changed_at bigint,
        must_change_password boolean NOT NULL,
        last_sign_in_at bigint NOT NULL,
        version integer NOT NULL,
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL
      )`)
    // Each order of the Users table reads its own index; the id decides between equal values.
    await runner.query('CREATE INDEX users_by_login ON users (login_key, id)')
    await runner.query('CREATE INDEX users_by_name ON users (name_key, id)')
    await runner.query('CREATE INDEX users_by_last_sign_in ON users (last_sign_in_at, id)')
    await runner.query(`
      CREATE TABLE sessions (
        id varchar PRIMARY KEY NOT NULL,
        token_hash varchar NOT NULL UNIQUE,
        user_id varchar NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at bigint NOT NULL,
        last_seen_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        ip varchar NOT NULL,
        user_agent varchar NOT NULL
      )`)
    await runner.query('CREATE INDEX sessions_by_user ON sessions (user_id)')
    await runner.query('CREATE INDEX sessions_by_expiry ON sessions (expires_at)')
    // No foreign keys, because operations remain after their users are deleted.
    await runner.query(`
      CREATE TABLE operations (
        id varchar PRIMARY KEY NOT NULL,
        at bigint NOT NULL,
        action varchar NOT NULL,
        outcome varchar NOT NULL,
        reason varchar,
        actor_id varchar,
        subject_id varchar,
        ip varchar NOT NULL,
        user_agent varchar NOT NULL,
        request_id varchar NOT NULL
      )`)
    await runner.query(`
      CREATE TABLE password_history (
        id varchar PRIMARY KEY NOT NULL,
        user_id varchar NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        password_hash varchar NOT NULL,
        replaced_at bigint NOT NULL
      )`)
    await runner.query('CREATE INDEX password_history_by_user ON password_history (user_id, id)')
    await runner.query(`
      CREATE TABLE one_time_links (
        id varchar PRIMARY KEY NOT NULL,
        purpose varchar NOT NULL,
        token_hash varchar NOT NULL UNIQUE,
        user_id varchar REFERENCES users (id) ON DELETE CASCADE,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL
      )`)
    await runner.query('CREATE INDEX one_time_links_by_user ON one_time_links (user_id)')
    await runner.query(`
      CREATE TABLE throttle_counts (
        key varchar PRIMARY KEY NOT NULL,
        points integer NOT NULL,
        expires_at bigint NOT NULL
      )`)
    await runner.query('CREATE INDEX throttle_counts_by_expiry ON throttle_counts (expires_at)')
  }

  async down(): Promise<void> {
    throw new Error('The first migration cannot be reverted.')
  }
}
