import { availableParallelism } from 'node:os'
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
    // Better Auth's server gets as many threads as Rekey gives itself.
    const threads = process.env.UV_THREADPOOL_SIZE ?? String(availableParallelism() + 4)
    const env = { UV_THREADPOOL_SIZE: threads, TEST_POSTGRES_URL: postgres?.url ?? '' }
    await run(process.execPath, args, { cwd: projectDir, env })
  } finally {
    await postgres?.stop()
  }
})
