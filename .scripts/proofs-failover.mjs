// Breaks a PostgreSQL cluster of etcd, Patroni and HAProxy under load: kills and freezes leaders,
// switches over, cuts COMMITs. Options: --rounds 5, --kinds kill,freeze,switchover,cut,
// --pause-seconds 45, --keep. On Debian, as root, it installs the packages it needs; elsewhere it
// skips the proofs.
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { build, install, main, projectDir, run, runIn, say } from './workspace.mjs'

const packages = [
  'patroni',
  'python3-etcd',
  'etcd-server',
  'etcd-client',
  'haproxy',
  'postgresql-15',
]
const programs = [
  '/usr/bin/patroni',
  '/usr/bin/etcd',
  '/usr/sbin/haproxy',
  '/usr/lib/postgresql/15/bin/postgres',
]

/** Installs the packages without starting a service. */
const installPackages = () => {
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = !existsSync(policy)
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' })
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  } finally {
    if (isOurs) rmSync(policy)
  }
}

main(async () => {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    say('Skipped: the failover proofs require Debian and root.')
    return
  }
  if (!programs.every(program => existsSync(program))) installPackages()
  await install()
  await build()
  await runIn('bench', 'build')
  const args = ['bench/dist/failover/main.js', ...process.argv.slice(2)]
  const path = `${process.env.PATH}:/usr/sbin:/usr/bin`
  await run(process.execPath, args, { cwd: projectDir, env: { PATH: path } })
})
