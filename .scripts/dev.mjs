// Runs both sides with hot reload. The SPA is on Vite's port, which forwards /graphql to the API.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { compile, install, main, projectDir, runIn, say } from './workspace.mjs'

const tsc = ['node_modules/typescript/bin/tsc', '-b', 'server']

main(async () => {
  await install()
  // The first output for the others; they update it from then on.
  await compile()
  await runIn('client', 'codegen')
  const publicUrl = process.env.PUBLIC_URL ?? 'http://localhost:5173'
  const env = { ...process.env, PUBLIC_URL: publicUrl }
  const clientDir = join(projectDir, 'client')
  const start = (args, cwd) => spawn(process.execPath, args, { cwd, stdio: 'inherit', env })
  const vite = 'node_modules/vite/bin/vite.js'
  const codegen = 'node_modules/@graphql-codegen/cli/esm/bin.js'
  const children = [
    start([...tsc, '--watch', '--preserveWatchOutput'], projectDir),
    start(['--watch', 'server/dist/main.js', ...process.argv.slice(2)], projectDir),
    start([codegen, '--config', 'codegen.ts', '--watch'], clientDir),
    start([vite], clientDir),
    start([vite, '--config', 'vite.explorer.config.ts'], clientDir),
  ]
  say(`Open ${publicUrl}`)
  const stop = () => {
    for (const child of children) child.kill('SIGTERM')
  }
  // Each of them is useless without the others.
  for (const child of children) child.on('exit', stop)
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
})
