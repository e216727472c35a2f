// Runs the server's tests on the oldest Node that Rekey supports and on the recommended one. The
// npm package `node` provides both. `npm run test:node -- config` runs the files that match.
import { join } from 'node:path'
import { build, install, main, projectDir, run, say } from './workspace.mjs'

main(async () => {
  await install()
  await build()
  const test = ['npm', 'test', '--', ...process.argv.slice(2)]
  for (const version of ['20.19', '24']) {
    say(`Running the tests of the server on Node ${version}.`)
    await run('npx', ['--yes', '--package', `node@${version}`, '--', ...test], {
      cwd: join(projectDir, 'server'),
      env: { TEST_POSTGRES_URL: '' },
    })
  }
})
