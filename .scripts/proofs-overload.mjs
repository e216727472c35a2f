// Overloads the built server: see bench/src/overload.ts. Options: --seconds 60.
import { build, install, main, projectDir, run, runIn } from './workspace.mjs'

main(async () => {
  await install()
  await build()
  await runIn('bench', 'build')
  const args = ['bench/dist/overload.js', ...process.argv.slice(2)]
  await run(process.execPath, args, { cwd: projectDir })
})
