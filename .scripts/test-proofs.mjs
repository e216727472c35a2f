// Runs the server's tests that need many repetitions: those named *.proof.test.ts with their full
// counts, on both engines. With `-- --all`, also the tests that `npm test` leaves out on PostgreSQL.
import { startPostgres } from './postgres.mjs'
import { build, install, main, runIn, say } from './workspace.mjs'

main(async () => {
  const withOthers = process.argv.includes('--all')
  await install()
  await build()
  say('Proofs of server.')
  await runIn('server', 'test:proofs', { TEST_PROOFS: '1', TEST_POSTGRES_URL: '' })
  const postgres = await startPostgres()
  if (postgres === null) {
    say(
      'PostgreSQL’s programs are not here (PG_BIN_DIR names their folder): its proofs do not run.',
    )
    return
  }
  try {
    say(`Proofs${withOthers ? ' and other tests' : ''} of server on PostgreSQL.`)
    await runIn('server', withOthers ? 'test:postgres-others' : 'test:postgres-proofs', {
      TEST_PROOFS: '1',
      TEST_POSTGRES_URL: postgres.url,
    })
  } finally {
    await postgres.stop()
  }
})
