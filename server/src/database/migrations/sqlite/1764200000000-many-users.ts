import type { MigrationInterface, QueryRunner } from 'typeorm'

const columns = `id, login, login_key, first_name, last_name, name_key, search_text, phone, language,
  role, status, password_hash, password_changed_at, must_change_password, last_sign_in_at, version,
  created_at, updated_at`

/**
 * Changes for a million users: a trigram index for searching, counts by role and status, and an
 * index for each order. Operations are chained after they are written, so that no one waits for it.
 */
export class ManyUsers1764200000000 implements MigrationInterface {
  name = 'ManyUsers1764200000000'
  // Foreign keys cannot be switched off within a transaction, and dropping the old table would
  // delete all sessions. That is why this migration uses its own transaction.
  transaction = false

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('PRAGMA foreign_keys = OFF')
    await runner.query('BEGIN IMMEDIATE')
    try {
      // Already done, if the process ended before that was recorded.
      const [done] = await runner.query(
        "SELECT 1 FROM pragma_table_info('users') WHERE name = 'row_number'",
      )
      if (done === undefined) {
        await changeUsers(runner)
        await changeOperations(runner)
      }
      await runner.query('COMMIT')
    } catch (failure) {
      await runner.query('ROLLBACK')
      throw failure
    } finally {
      await runner.query('PRAGMA foreign_keys = ON')
    }
  }

  async down(): Promise<void> {
    throw new Error('Operations chained after they were written cannot be reverted.')
  }
}

const changeUsers = async (runner: QueryRunner): Promise<void> => {
  // Each row has its own number, by which the search index finds it. VACUUM may change the numbers
  // that SQLite assigns.
  await runner.query(`
    CREATE TABLE new_users (
      row_number integer PRIMARY KEY,
      id varchar NOT NULL UNIQUE,
      login varchar NOT NULL,
      login_key varchar NOT NULL,
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
  // Two spaces at the end of the searched text, so that its last characters also start a trigram.
  const given = columns.replace('search_text', "search_text || '  '")
  await runner.query(`INSERT INTO new_users (${columns}) SELECT ${given} FROM users`)
  await runner.query('DROP TABLE users')
  await runner.query('ALTER TABLE new_users RENAME TO users')
  // Each order of the Users table reads its own index.
  await runner.query('CREATE UNIQUE INDEX users_by_login ON users (login_key)')
  await runner.query('CREATE INDEX users_by_name ON users (name_key, id)')
  await runner.query('CREATE INDEX users_by_last_sign_in ON users (last_sign_in_at, id)')
  await runner.query("CREATE INDEX users_by_phone ON users (COALESCE(phone, ''), id)")
  await runner.query('CREATE INDEX users_by_role ON users (role, status, name_key, id)')
  await runner.query('CREATE INDEX users_by_status ON users (status, role, name_key, id)')

  await runner.query(`
    CREATE VIRTUAL TABLE users_search USING fts5 (
      search_text, content = 'users', content_rowid = 'row_number',
      tokenize = 'trigram case_sensitive 1'
    )`)
  await runner.query("INSERT INTO users_search (users_search) VALUES ('rebuild')")
  await runner.query(
    "CREATE VIRTUAL TABLE users_search_trigrams USING fts5vocab ('users_search', 'row')",
  )
  const put =
    'INSERT INTO users_search (rowid, search_text) VALUES (NEW.row_number, NEW.search_text);'
  const remove =
    "INSERT INTO users_search (users_search, rowid, search_text) VALUES ('delete', OLD.row_number, OLD.search_text);"
  await runner.query(`CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN ${put} END`)
  await runner.query(`CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN ${remove} END`)
  await runner.query(`
    CREATE TRIGGER users_search_update AFTER UPDATE OF search_text ON users
    WHEN OLD.search_text IS NOT NEW.search_text BEGIN ${remove} ${put} END`)

  await runner.query(`
    CREATE TABLE user_counts (
      role varchar NOT NULL,
      status varchar NOT NULL,
      count integer NOT NULL,
      PRIMARY KEY (role, status)
    )`)
  await runner.query(
    'INSERT INTO user_counts SELECT role, status, COUNT(*) FROM users GROUP BY role, status',
  )
  const more = `INSERT INTO user_counts VALUES (NEW.role, NEW.status, 1)
    ON CONFLICT (role, status) DO UPDATE SET count = count + 1;`
  const less =
    'UPDATE user_counts SET count = count - 1 WHERE role = OLD.role AND status = OLD.status;'
  await runner.query(`CREATE TRIGGER user_counts_insert AFTER INSERT ON users BEGIN ${more} END`)
  await runner.query(`CREATE TRIGGER user_counts_delete AFTER DELETE ON users BEGIN ${less} END`)
  await runner.query(`
    CREATE TRIGGER user_counts_update AFTER UPDATE OF role, status ON users
    WHEN OLD.role <> NEW.role OR OLD.status <> NEW.status BEGIN ${less} ${more} END`)
}

const changeOperations = async (runner: QueryRunner): Promise<void> => {
  await runner.query('ALTER TABLE operations RENAME TO numbered_operations')
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
      request_id varchar NOT NULL,
      number integer UNIQUE,
      previous_hash varchar,
      hash varchar
    )`)
  // Ids in the form of UUIDv7, in the order of the numbers.
  await runner.query(`
    INSERT INTO operations
    SELECT printf('%08x-%04x-7000-8000-%012x', at >> 16, at & 65535, number), at, action, outcome,
      reason, actor_id, subject_id, ip, user_agent, request_id, number, previous_hash, hash
    FROM numbered_operations`)
  await runner.query('DROP TABLE numbered_operations')
  for (const column of ['actor_id', 'subject_id', 'action', 'outcome', 'ip', 'at']) {
    await runner.query(`CREATE INDEX operations_by_${column} ON operations (${column}, id)`)
  }
  await runner.query('CREATE INDEX operations_unchained ON operations (id) WHERE number IS NULL')
  const unchanged = [
    'id',
    'at',
    'action',
    'outcome',
    'reason',
    'actor_id',
    'subject_id',
    'ip',
    'user_agent',
    'request_id',
  ]
    .map(column => `OLD.${column} IS NOT NEW.${column}`)
    .join(' OR ')
  const refuse = "BEGIN SELECT RAISE(ABORT, 'Operations are only ever added.'); END"
  await runner.query(`
    CREATE TRIGGER operations_refuse_update BEFORE UPDATE ON operations
    WHEN OLD.number IS NOT NULL OR ${unchanged} ${refuse}`)
  await runner.query(
    `CREATE TRIGGER operations_refuse_delete BEFORE DELETE ON operations ${refuse}`,
  )
}
