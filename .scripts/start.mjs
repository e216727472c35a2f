import { spawn } from 'node:child_process'
import { build, install, main, projectDir } from './workspace.mjs'

main(async () => {
  await install()
  await build()
  const server = spawn(process.execPath, ['server/dist/main.js', ...process.argv.slice(2)], {
    cwd: projectDir,
    stdio: 'inherit',
  })
  // A terminal sends Ctrl-C to both; the server ends first, then this process.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => server.kill('SIGTERM'))
  // npm runs this through a shell that ends without forwarding the signal.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid !== parent) server.kill('SIGTERM')
  }, 500)
  watch.unref()
  server.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
})
