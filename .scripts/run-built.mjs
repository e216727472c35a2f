// Runs one of the server's built programs. Arguments: its file under server/dist without the
// extension, then the program's arguments.
import { spawnSync } from 'node:child_process'
import { build, install, main, projectDir } from './workspace.mjs'

main(async () => {
  await install()
  await build()
  const [program, ...args] = process.argv.slice(2)
  const { status } = spawnSync(process.execPath, [`server/dist/${program}.js`, ...args], {
    cwd: projectDir,
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
})
