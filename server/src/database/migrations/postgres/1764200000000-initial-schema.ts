import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The result of SQLite's migrations up to this point. Text is ordered by code points ("C"), as on
 * SQLite: cursors compare it, and an order that depends on the system's locale would lose rows.
 */
export class InitialSchema1764200000000 implements MigrationInterface {
  name = 'InitialSchema1764200000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement)
  }

  async down(): Promise<void> {
    throw new Error('The first migration cannot be reverted.')
  }
}

const text = 'varchar COLLATE "C"'

const users = [
  'CREATE EXTENSION IF NOT EXISTS pg_trgm',
  `CREATE TABLE users (
    id ${text} PRIMARY KEY,
    login ${text} NOT NULL,
    login_key ${text} NOT NULL,
    first_name ${text} NOT NULL,
    last_name ${text} NOT NULL,
    name_key ${text} NOT NULL,
    search_text ${text} NOT NULL,
    phone ${text},
    language ${text} NOT NULL,
    role ${text} NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MEMBER')),
    status ${text} NOT NULL CHECK (status IN ('INVITED', 'ACTIVE', 'BLOCKED')),
    password_hash ${text},
    password_changed_at bigint,
    must_change_password boolean NOT NULL,
    last_sign_in_at bigint NOT NULL,
    version integer NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
  )`,
  'CREATE UNIQUE INDEX users_by_login ON users (login_key)',
  'CREATE INDEX users_by_name ON users (name_key, id)',
  'CREATE INDEX users_by_last_sign_in ON users (last_sign_in_at, id)',
  "CREATE INDEX users_by_phone ON users (COALESCE(phone, ''), id)",
  'CREATE INDEX users_by_role ON users (role, status, name_key, id)',
  'CREATE INDEX users_by_status ON users (status, role, name_key, id)',
  'CREATE INDEX users_search ON users USING gin (search_text gin_trgm_ops)',
  `CREATE TABLE user_counts (
    role ${text} NOT NULL,
    status ${text} NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (role, status)
  )`,
  // Rows are added and removed many at a time, so a statement trigger counts them.
  `CREATE FUNCTION count_users() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
  BEGIN
    INSERT INTO user_counts AS counts
      SELECT role, status, sign * COUNT(*) FROM changed GROUP BY role, status
      ON CONFLICT (role, status) DO UPDATE SET count = counts.count + EXCLUDED.count;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER user_counts_insert AFTER INSERT ON users
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_users()`,
  `CREATE TRIGGER user_counts_delete AFTER DELETE ON users
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_users()`,
  `CREATE FUNCTION recount_user() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE user_counts SET count = count - 1 WHERE role = OLD.role AND status = OLD.status;
    INSERT INTO user_counts AS counts VALUES (NEW.role, NEW.status, 1)
      ON CONFLICT (role, status) DO UPDATE SET count = counts.count + 1;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER user_counts_update AFTER UPDATE OF role, status ON users FOR EACH ROW
    WHEN (OLD.role <> NEW.role OR OLD.status <> NEW.status) EXECUTE FUNCTION recount_user()`,
]

const operations = [
  // No foreign keys, because operations remain after their users are deleted.
  `CREATE TABLE operations (
    id ${text} PRIMARY KEY,
    at bigint NOT NULL,
    action ${text} NOT NULL,
    outcome ${text} NOT NULL,
    reason ${text},
    actor_id ${text},
    subject_id ${text},
    ip ${text} NOT NULL,
    user_agent ${text} NOT NULL,
    request_id ${text} NOT NULL,
    number integer UNIQUE,
    previous_hash ${text},
    hash ${text}
  )`,
  ...['actor_id', 'subject_id', 'action', 'outcome', 'ip', 'at'].map(
    column => `CREATE INDEX operations_by_${column} ON operations (${column}, id)`,
  ),
  'CREATE INDEX operations_unchained ON operations (id) WHERE number IS NULL',
  `CREATE FUNCTION refuse_operation_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.number IS NULL
      AND (OLD.id, OLD.at, OLD.action, OLD.outcome, OLD.reason, OLD.actor_id, OLD.subject_id,
           OLD.ip, OLD.user_agent, OLD.request_id)
        IS NOT DISTINCT FROM
          (NEW.id, NEW.at, NEW.action, NEW.outcome, NEW.reason, NEW.actor_id, NEW.subject_id,
           NEW.ip, NEW.user_agent, NEW.request_id)
    THEN RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Operations are only ever added.';
  END $$`,
  `CREATE TRIGGER operations_refuse_update BEFORE UPDATE ON operations
    FOR EACH ROW EXECUTE FUNCTION refuse_operation_change()`,
  `CREATE TRIGGER operations_refuse_delete BEFORE DELETE ON operations
    FOR EACH ROW EXECUTE FUNCTION refuse_operation_change()`,
  `CREATE TRIGGER operations_refuse_truncate BEFORE TRUNCATE ON operations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_operation_change()`,
]

const others = [
  `CREATE TABLE sessions (
    id ${text} PRIMARY KEY,
    token_hash ${text} NOT NULL UNIQUE,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    ip ${text} NOT NULL,
    user_agent ${text} NOT NULL,
    end_reason ${text}
  )`,
  'CREATE INDEX sessions_by_user ON sessions (user_id)',
  'CREATE INDEX sessions_by_expiry ON sessions (expires_at)',
  `CREATE TABLE password_history (
    id ${text} PRIMARY KEY,
    user_id ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    password_hash ${text} NOT NULL,
    replaced_at bigint NOT NULL
  )`,
  'CREATE INDEX password_history_by_user ON password_history (user_id, id)',
  `CREATE TABLE one_time_links (
    id ${text} PRIMARY KEY,
    purpose ${text} NOT NULL,
    token_hash ${text} NOT NULL UNIQUE,
    user_id ${text} REFERENCES users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
  )`,
  'CREATE INDEX one_time_links_by_user ON one_time_links (user_id)',
  `CREATE TABLE throttle_counts (
    key ${text} PRIMARY KEY,
    points integer NOT NULL,
    expires_at bigint NOT NULL
  )`,
  'CREATE INDEX throttle_counts_by_expiry ON throttle_counts (expires_at)',
  `CREATE TABLE outbox_mails (
    id ${text} PRIMARY KEY,
    recipient ${text} NOT NULL,
    subject ${text} NOT NULL,
    text ${text} NOT NULL,
    html ${text} NOT NULL,
    created_at bigint NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at bigint NOT NULL
  )`,
  'CREATE INDEX outbox_mails_by_due ON outbox_mails (next_attempt_at, id)',
  `CREATE TABLE server_secrets (
    name ${text} PRIMARY KEY,
    value ${text} NOT NULL
  )`,
]

const statements = [...users, ...operations, ...others]
