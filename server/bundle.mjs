// Gathers what `tsc` wrote, and what it needs of other packages, into one file: the
// server then starts without looking for two thousand modules. Whatever is native, or
// loaded only when it is needed, stays where it is. Beside it lies what V8 makes of it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const native = ['argon2', 'pg-native', 'sqlite3']
const loadedLater = [
  '@faker-js/faker',
  '@simplewebauthn/server',
  'class-validator',
  'nodemailer',
  'prom-client',
]
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

// What is taken in place of packages that would bring much more than is used of them.
const parts = new Map([
  [/^sha\.js$/, 'sha'],
  [/^graphql-scalars$/, 'graphql-scalars'],
  [/^\.\.\/locales\/index\.cjs$/, 'zod-locales'],
])
const leanParts = {
  name: 'lean-parts',
  setup: ({ onResolve }) => {
    for (const [filter, part] of parts) {
      onResolve({ filter }, () => ({ path: join(import.meta.dirname, `bundle-parts/${part}.cjs`) }))
    }
  },
}

// Of OpenTelemetry, which nothing looks up by them; and one that ends so by itself.
const namesOfNoMatter = new Set([
  'BaggageImpl2',
  'ContextAPI2',
  'DiagAPI2',
  'LogsAPI2',
  'MetricsAPI2',
  'PropagationAPI2',
  'TraceAPI2',
  'TraceStateImpl2',
  '_PathWin32',
])

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['dist/main.js'],
  outfile: 'bundle/server.js',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  external: [...native, ...loadedLater, ...notInstalled],
  // GraphQL.js compares constructors by their names otherwise, with each value.
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [leanParts],
  minifyWhitespace: true,
  // One character beyond ASCII makes V8 keep two bytes for each of the whole file.
  charset: 'ascii',
  // V8 forgets who imports when it takes code from the cache; what is loaded later is required.
  supported: { 'dynamic-import': false },
  legalComments: 'linked',
  // What Node wraps a module into; done here, the whole file need not be copied at each start.
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  logLevel: 'warning',
})

// TypeORM, type-graphql and the log know classes by their names. Having esbuild keep all names
// would set that of each function anew whenever one is made, a tenth of the time of a request;
// it changes one only where two of a name would meet.
const bundled = readFileSync(join(import.meta.dirname, 'bundle/server.js'), 'latin1')
const renamed = [...bundled.matchAll(/\bclass (\w+[a-z]\d+)[ {]/g)]
  .map(([, name]) => name)
  .filter(name => !namesOfNoMatter.has(name))
if (renamed.length > 0) throw new Error(`These classes got other names: ${renamed.join(', ')}.`)

// The start, a query and the end on an empty database: what is compiled for them goes into
// the code cache, and the rest of the server is left out of it.
copyFileSync(
  join(import.meta.dirname, 'bundle-loader.cjs'),
  join(import.meta.dirname, 'bundle/main.js'),
)
const dataDir = mkdtempSync(join(tmpdir(), 'rekey-code-cache-'))
try {
  const server = spawn(process.execPath, ['bundle/main.js', '--make-code-cache'], {
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  server.stdout.on('data', async text => {
    said += text
    const [, origin] = /Rekey is ready at (\S+)\s/.exec(said) ?? []
    if (origin === undefined) return
    server.stdout.removeAllListeners('data')
    await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ viewer { id } setupRequired }' }),
    })
    server.kill('SIGTERM')
  })
  const [code] = await once(server, 'exit')
  if (code !== 0) throw new Error(`The bundled server ended with ${code}:\n${said}`)
} finally {
  rmSync(dataDir, { recursive: true })
}
