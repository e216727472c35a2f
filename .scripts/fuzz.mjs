import { build, install, main, projectDir, run, runIn } from './workspace.mjs'

main(async () => {
  await install()
  await build()
  await runIn('bench', 'build')
  const args = ['bench/dist/fuzz.js', ...process.argv.slice(2)]
  await run(process.execPath, args, { cwd: projectDir })
})
