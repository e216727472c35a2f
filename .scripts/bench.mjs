import { join } from 'node:path'
import { startPostgres } from './postgres.mjs'
import { build, install, installAt, main, projectDir, run, runIn } from './workspace.mjs'

main(async () => {
  await install()
  await build()
  // Not part of the workspace: only the benchmark needs it, and it compiles a driver.
  await installAt(join('bench', 'better-auth'), ['--ignore-workspace'])
  await runIn('bench', 'build')
  const postgres = await startPostgres({ fsync: 'on', shared_buffers: '1GB' })
  try {
    const args = ['bench/dist/main.js', ...process.argv.slice(2)]
    // Sets the number of threads here too, so that Better Auth's server gets as many as Rekey.
    await import('../server/dist/thread-pool.js')
    const env = { TEST_POSTGRES_URL: postgres?.url ?? '' }
    await run(process.execPath, args, { cwd: projectDir, env })
  } finally {
    await postgres?.stop()
  }
})
