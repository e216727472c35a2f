import { domainToASCII, domainToUnicode } from 'node:url'
import { readLanguageTag } from '@rekey/shared/language-tag'
import { loginKeyOf, spelledKeyOf, tidyLogin } from '@rekey/shared/login'
import { foldText } from '@rekey/shared/search-text'
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { searchedPhoneOf, storedPhoneOf } from '../../phone-numbers/phone.js'

const batchSize = 2_000

/** The columns that may change, beside the id. */
interface TextColumns {
  login: string
  login_key: string
  taken_login_key: string | null
  name_key: string
  search_text: string
  phone: string | null
  language: string
}

/** A user as they are stored. */
interface Row extends TextColumns {
  id: string
  first_name: string
  last_name: string
}

const changeable = [
  'login',
  'login_key',
  'taken_login_key',
  'name_key',
  'search_text',
  'phone',
  'language',
] as const satisfies readonly (keyof TextColumns)[]

const displayedLogin = (login: string): string => {
  const tidy = tidyLogin(login)
  const at = tidy.lastIndexOf('@')
  const domain = tidy.slice(at + 1)
  const key = loginKeyOf(tidy)
  const ascii = key.slice(key.lastIndexOf('@') + 1)
  const shown = domainToUnicode(ascii)
  const isOther = at === -1 || domainToASCII(shown) !== ascii
  if (isOther || shown === domain.toLowerCase()) return tidy
  return `${tidy.slice(0, at + 1)}${shown}`
}

const searchTextOf = (shown: string, key: string, name: string, phone: string | null): string => {
  const [folded, ascii] = [foldText(shown), foldText(key)]
  const parts = [
    folded,
    ...(ascii === folded ? [] : [ascii]),
    foldText(name),
    searchedPhoneOf(phone),
  ]
  return `${parts.filter(part => part !== '').join(' ')}  `
}

/** The tag, or the longest part of it that is valid; `en` if no part is. */
const validTag = (tag: string): string => {
  const [language = '', second = '', third = ''] = tag.split(/[-_]/)
  const parts = [tag, [language, second, third].join('-'), [language, second].join('-'), language]
  for (const part of parts) {
    const read = readLanguageTag(part)
    if (read !== null) return read
  }
  return 'en'
}

/**
 * Gives every user the keys of one login key and one search text.
 *
 * The functions of `shared` are those that the server uses at this version. If one of them changes
 * later, the migration that comes with the change re-keys everyone again. A database that skips to
 * that version gets the later keys here already, and that migration finds nothing to change.
 *
 * Each batch is a transaction of its own, so that a million users need little memory, and a migration
 * that was interrupted can continue: rows that are already correct are only read.
 */
export class TextKeys1765190039000 implements MigrationInterface {
  name = 'TextKeys1765190039000'
  transaction = false

  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner)
    for (const statement of isPostgres(runner) ? postponeOnPostgres : postponeOnSqlite) {
      await runner.query(statement)
    }
    for (let after: string | null = ''; after !== null; ) after = await rekeyBatch(runner, after)
    for (const statement of isPostgres(runner) ? catchUpOnPostgres : catchUpOnSqlite) {
      await runner.query(statement)
    }
  }

  async down(): Promise<void> {
    throw new Error('The typed login cannot be derived from the displayed login.')
  }
}

// The search index is brought up to date at the end, in one go. Row by row, a million users would
// take hours. An interrupted run leaves it behind, and the next run brings it up to date.
const postponeOnSqlite = [
  // As the server has it: the orders of a million users do not fit into SQLite's usual 2 MB.
  'PRAGMA cache_size = -65536',
  'DROP TRIGGER IF EXISTS users_search_update',
]
const catchUpOnSqlite = [
  "INSERT INTO users_search (users_search) VALUES ('rebuild')",
  `CREATE TRIGGER IF NOT EXISTS users_search_update AFTER UPDATE OF search_text ON users
    WHEN OLD.search_text IS NOT NEW.search_text BEGIN
      INSERT INTO users_search (users_search, rowid, search_text)
        VALUES ('delete', OLD.row_number, OLD.search_text);
      INSERT INTO users_search (rowid, search_text) VALUES (NEW.row_number, NEW.search_text);
    END`,
]
const searchIndexes = ['users_search', 'users_search_short']
const postponeOnPostgres = searchIndexes.map(
  index => `ALTER INDEX ${index} SET (fastupdate = on, gin_pending_list_limit = 262144)`,
)
const catchUpOnPostgres = searchIndexes.flatMap(index => [
  `ALTER INDEX ${index} SET (fastupdate = off)`,
  `ALTER INDEX ${index} RESET (gin_pending_list_limit)`,
  `SELECT gin_clean_pending_list('${index}')`,
])

const isPostgres = (runner: QueryRunner): boolean => runner.connection.options.type === 'postgres'

/** Does nothing if an interrupted run has done it. */
const addColumn = async (runner: QueryRunner): Promise<void> => {
  const columns = isPostgres(runner)
    ? `SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema()
        AND table_name = 'users' AND column_name = 'taken_login_key'`
    : "SELECT 1 FROM pragma_table_info('users') WHERE name = 'taken_login_key'"
  const [done] = await runner.query(columns)
  if (done === undefined) {
    const type = isPostgres(runner) ? 'varchar COLLATE "C"' : 'varchar'
    await runner.query(`ALTER TABLE users ADD COLUMN taken_login_key ${type}`)
  }
  await runner.query(`CREATE INDEX IF NOT EXISTS users_by_taken_login
    ON users (taken_login_key, id) WHERE taken_login_key IS NOT NULL`)
}

/** @returns the last id of the batch; null after the last batch. */
const rekeyBatch = async (runner: QueryRunner, after: string): Promise<string | null> => {
  await runner.startTransaction()
  try {
    const rows: Row[] = await runner.query(
      `SELECT id, first_name, last_name, ${changeable.join(', ')} FROM users
        WHERE id > ${isPostgres(runner) ? '$1' : '?'} ORDER BY id LIMIT ${batchSize}
        ${isPostgres(runner) ? 'FOR UPDATE' : ''}`,
      [after],
    )
    const changed = await changedRows(runner, rows)
    if (changed.length > 0) await update(runner, changed)
    const before = new Map(rows.map(row => [row.id, row.login]))
    await readdress(
      runner,
      changed.map(({ id, login }) => [before.get(id) ?? login, login]),
    )
    await runner.commitTransaction()
    return rows.length < batchSize ? null : (rows.at(-1)?.id ?? null)
  } catch (failure) {
    await runner.rollbackTransaction()
    throw failure
  }
}

/** The rows that must change, with their new values. */
const changedRows = async (runner: QueryRunner, rows: readonly Row[]): Promise<Row[]> => {
  const holders = await holdersOf(runner, rows)
  // Many users share a few tags, and checking a tag is the slowest step.
  const tags = new Map([...new Set(rows.map(row => row.language))].map(tag => [tag, validTag(tag)]))
  return rows.flatMap(row => {
    const key = loginKeyOf(row.login)
    const shown = displayedLogin(row.login)
    const isTaken = (holders.get(key) ?? row.id) !== row.id
    if (!isTaken) holders.set(key, row.id)
    const isShared = isTaken || (holders.get(spelledKeyOf(shown)) ?? row.id) !== row.id
    // No account has a default region yet, so national numbers stay as they are.
    const phone = row.phone === null ? null : storedPhoneOf(row.phone, null)
    const name = [row.first_name, row.last_name].filter(part => part !== '').join(' ')
    const renewed: Row = {
      ...row,
      // Two users with one mailbox: each keeps the spelling by which they sign in.
      login: isShared ? row.login : shown,
      login_key: isTaken ? row.login_key : key,
      taken_login_key: isTaken ? key : null,
      name_key: foldText(name),
      search_text: searchTextOf(shown, key, name, phone),
      phone,
      language: tags.get(row.language) ?? row.language,
    }
    return changeable.some(column => renewed[column] !== row[column]) ? [renewed] : []
  })
}

/** The holders of the keys that the rows need, by the key. */
const holdersOf = async (
  runner: QueryRunner,
  rows: readonly Row[],
): Promise<Map<string, string>> => {
  const keys = rows.flatMap(row => {
    const needed = [loginKeyOf(row.login), spelledKeyOf(displayedLogin(row.login))]
    return needed.filter(key => key !== row.login_key)
  })
  if (keys.length === 0) return new Map()
  const found: Pick<Row, 'id' | 'login_key'>[] = await runner.query(
    isPostgres(runner)
      ? 'SELECT id, login_key FROM users WHERE login_key = ANY ($1)'
      : 'SELECT id, login_key FROM users WHERE login_key IN (SELECT value FROM json_each(?))',
    [isPostgres(runner) ? keys : JSON.stringify(keys)],
  )
  return new Map(found.map(({ id, login_key }) => [login_key, id]))
}

const update = async (runner: QueryRunner, rows: readonly Row[]): Promise<void> => {
  const columns = ['id', ...changeable]
  const given = isPostgres(runner)
    ? `json_to_recordset($1::json) AS given (${columns.map(name => `${name} text`).join(', ')})`
    : `(SELECT ${columns.map(name => `value ->> '${name}' AS ${name}`).join(', ')}
        FROM json_each(?)) AS given`
  const assigned = changeable.map(name => `${name} = given.${name}`).join(', ')
  await runner.query(`UPDATE users SET ${assigned} FROM ${given} WHERE users.id = given.id`, [
    JSON.stringify(rows),
  ])
}

/** Mails that wait or failed are found by the login of their user. */
const readdress = async (
  runner: QueryRunner,
  logins: readonly (readonly [before: string, after: string])[],
): Promise<void> => {
  const changed = logins.filter(([before, after]) => before !== after)
  if (changed.length === 0) return
  const given = isPostgres(runner)
    ? `json_to_recordset($1::json) AS given (before text, after text)`
    : `(SELECT value ->> 'before' AS before, value ->> 'after' AS after FROM json_each(?)) AS given`
  await runner.query(
    `UPDATE outbox_mails SET recipient = given.after FROM ${given} WHERE recipient = given.before`,
    [JSON.stringify(changed.map(([before, after]) => ({ before, after })))],
  )
}
