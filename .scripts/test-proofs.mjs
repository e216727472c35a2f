// Runs the server's tests that need many repetitions or much time: those named *.proof.test.ts with
// their full counts, on both engines, and on PostgreSQL the tests that `npm test` leaves out there.
import { startPostgres } from './postgres.mjs'
import { build, install, main, runIn, say } from './workspace.mjs'

main(async () => {
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
    say('Proofs and other tests of server on PostgreSQL.')
    await runIn('server', 'test:postgres-others', {
      TEST_PROOFS: '1',
      TEST_POSTGRES_URL: postgres.url,
    })
  } finally {
    await postgres.stop()
  }
})
