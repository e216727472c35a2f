// Runs lint, type checks, jest in each package, Playwright on the whole product, and the tests of the
// package that `npm run package` makes. `npm test -- server` runs only the tests of the named packages,
// `npm test -- package` only the last ones. `npm run test:proofs` adds the tests with many repetitions:
// see test-proofs.mjs.
import { provideBrowser } from './browser.mjs'
import { startPostgres } from './postgres.mjs'
import { build, install, main, run, runIn, say } from './workspace.mjs'

const packages = ['shared', 'server', 'client', 'e2e']
// The tests of these packages that depend on the database engine also run on PostgreSQL.
const keepsData = ['server', 'e2e']
const names = [...packages, 'package']

main(async () => {
  const asked = process.argv.slice(2)
  const unknown = asked.filter(name => !names.includes(name))
  if (unknown.length > 0) throw new Error(`There is no package named ${unknown.join(', ')}.`)
  const chosen = asked.length > 0 ? asked : names
  await install()
  await build()
  if (asked.length === 0) {
    say('Checking lint and format.')
    await run('npm', ['run', '--silent', 'lint'])
    say('Checking the types of the tests.')
    await Promise.all(packages.map(name => runIn(name, 'typecheck')))
  }
  const onBothEngines = chosen.some(name => keepsData.includes(name))
  const postgres = onBothEngines ? await startPostgres() : null
  if (onBothEngines && postgres === null) {
    say(
      'PostgreSQL’s programs were not found (set PG_BIN_DIR to their folder), so the tests run only on SQLite.',
    )
  }
  try {
    for (const name of chosen) {
      if (name === 'e2e') await provideBrowser()
      say(`Running the tests of ${name}.`)
      if (name === 'package') {
        await run(process.execPath, ['--test', '.scripts/package.test.mjs'])
        continue
      }
      await runIn(name, 'test', { TEST_POSTGRES_URL: '' })
      if (postgres !== null && keepsData.includes(name)) {
        say(`Running the tests of ${name} on PostgreSQL.`)
        await runIn(name, 'test:postgres', { TEST_POSTGRES_URL: postgres.url })
      }
    }
  } finally {
    await postgres?.stop()
  }
})
