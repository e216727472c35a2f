// Runs the server's tests that need many repetitions, named *.proof.test.ts, with their full counts
// on both engines. `-- --all` also runs the tests that `npm test` skips on PostgreSQL.
import { startPostgres } from './postgres.mjs'
import { build, install, main, runIn, say } from './workspace.mjs'

main(async () => {
  const withOthers = process.argv.includes('--all')
  await install()
  await build()
  say('Running the proofs of the server.')
  await runIn('server', 'test:proofs', { TEST_PROOFS: '1', TEST_POSTGRES_URL: '' })
  const postgres = await startPostgres()
  if (postgres === null) {
    say(
      'PostgreSQL’s programs were not found (set PG_BIN_DIR to their folder), so its proofs are skipped.',
    )
    return
  }
  try {
    say(`Running the proofs${withOthers ? ' and other tests' : ''} of the server on PostgreSQL.`)
    await runIn('server', withOthers ? 'test:postgres-others' : 'test:postgres-proofs', {
      TEST_PROOFS: '1',
      TEST_POSTGRES_URL: postgres.url,
    })
  } finally {
    await postgres.stop()
  }
})
