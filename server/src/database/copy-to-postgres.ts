import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { type CopiedTable, copyRows } from './copy.js'
import type { EntityClasses } from './database.js'
import { openDatabase } from './open-database.js'
import { requireUnusedPostgres, withSoleUse } from './sole-use.js'

// The connections: one writes, one reads, one runs a transaction again.
const poolSize = 3

/**
 * Moves an installation from SQLite to PostgreSQL: copies all rows and compares them. The SQLite
 * file does not change, except that its tables are migrated to this version.
 *
 * @param url postgres:// URL of an empty database.
 * @returns the message for the operator.
 * @throws ConfigError if a server uses either database, if the target is not empty, or if the
 * source is not a SQLite database.
 */
export const copyToPostgres = async (
  { database, secrets }: Pick<Config, 'database' | 'secrets'>,
  url: string,
  entities: EntityClasses,
): Promise<string> => {
  if (database.engine !== 'sqlite') throw new ConfigError(['copy-to copies only from SQLite.'])
  if (!/^postgres(ql)?:\/\/./.test(url) || !URL.canParse(url)) {
    throw new ConfigError(['copy-to requires postgres://user:password@host:5432/database.'])
  }
  const copied = await withSoleUse(database, async () => {
    await requireUnusedPostgres(url)
    const source = await openDatabase(database, entities)
    try {
      // One statement may copy a large table.
      const settings = {
        engine: 'postgres',
        url,
        poolSize,
        timeoutSeconds: 0,
        waitSeconds: 0,
      } as const
      const target = await openDatabase(settings, entities)
      try {
        return await copyRows(source, target, entities)
      } finally {
        await target.close()
      }
    } finally {
      await source.close()
    }
  })
  const keyName = secrets.key ? 'SECRETS_KEY' : `the content of ${secrets.file} as SECRETS_KEY`
  return [
    ...tableOf(copied),
    '',
    'Every row was compared with its source. To continue with PostgreSQL, set DATABASE_URL, and:',
    `- Give every instance ${keyName}.`,
    '- Do not start a server on the SQLite file again. Move the file away when everything works.',
  ].join('\n')
}

const tableOf = (copied: readonly CopiedTable[]): string[] => {
  const sum = copied.reduce((total, { rows }) => total + rows, 0)
  const lines = [...copied, { table: 'all', rows: sum }]
  const width = Math.max(...lines.map(({ table }) => table.length))
  return lines.map(({ table, rows }) => `${table.padEnd(width)}  ${String(rows).padStart(12)}`)
}
