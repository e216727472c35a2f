import { spawnSync } from 'node:child_process'
import { build, install, main, projectDir } from './workspace.mjs'

main(async () => {
  await install()
  await build()
  const file = 'server/dist/operations/verify-operations.js'
  // Its exit code tells whether the list is as it was written.
  const { status } = spawnSync(process.execPath, [file, ...process.argv.slice(2)], {
    cwd: projectDir,
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
})
