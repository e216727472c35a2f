// Gathers what `tsc` wrote, and what it needs of other packages, into one file: the
// server then starts without looking for two thousand modules. Whatever is native, or
// loaded only when it is needed, stays where it is.
import { build } from 'esbuild'

const native = ['argon2', 'pg-native', 'sqlite3']
const loadedLater = ['@faker-js/faker', 'nodemailer', 'prom-client']
// Of TypeORM's drivers and tools those we don't install: it asks for them by name, or never.
const notInstalled = [
  '@google-cloud/spanner',
  '@sap/*',
  'better-sqlite3',
  'hdb-pool',
  'ioredis',
  'mongodb',
  'mssql',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-query-stream',
  'react-native-sqlite-storage',
  'redis',
  'sql.js',
  'typeorm-aurora-data-api-driver',
]

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['dist/main.js'],
  outfile: 'bundle/main.js',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  external: [...native, ...loadedLater, ...notInstalled],
  // TypeORM, type-graphql and the log know classes and errors by their names.
  keepNames: true,
  minifyWhitespace: true,
  // One character beyond ASCII makes V8 keep two bytes for each of the whole file.
  charset: 'ascii',
  legalComments: 'linked',
  logLevel: 'warning',
})
