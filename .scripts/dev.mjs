// Both sides with hot reload: the SPA on Vite's port, which hands /graphql on to the API.
import { spawn } from 'node:child_process'
import { build, install, main, projectDir, say, serverEnvironment } from './workspace.mjs'

main(async () => {
  await install()
  await build()
  const vite = 'http://localhost:5173'
  const start = (command, args, options = {}) =>
    spawn(command, args, { cwd: projectDir, stdio: 'inherit', ...options })
  const children = [
    start(process.execPath, [
      'node_modules/typescript/bin/tsc',
      '-b',
      'server',
      '--watch',
      '--preserveWatchOutput',
    ]),
    start(
      process.execPath,
      [
        '--watch-path=server/dist',
        '--watch-path=shared/dist',
        'server/dist/main.js',
        ...process.argv.slice(2),
      ],
      {
        env: { ...process.env, ...serverEnvironment(), PUBLIC_URL: process.env.PUBLIC_URL ?? vite },
      },
    ),
    start('npm', ['run', '--silent', 'codegen', '--', '--watch'], { cwd: `${projectDir}/client` }),
    start('npm', ['run', '--silent', 'dev'], { cwd: `${projectDir}/client` }),
  ]
  say(`Open ${vite}`)
  const stop = () => {
    for (const child of children) child.kill('SIGTERM')
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
})
