// A temporary PostgreSQL cluster for the tests and the benchmark.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The folder of PostgreSQL's programs, or null if they are not installed. */
const findPrograms = () => {
  const configured = process.env.PG_BIN_DIR
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((a, b) => Number(b) - Number(a))
    : []
  const candidates = [
    ...(configured === undefined ? [] : [configured]),
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map(version => join(debian, version, 'bin')),
  ]
  return candidates.find(
    dir => existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'postgres')),
  )
}

/** PostgreSQL refuses to run as root, so root starts it as another user without rights here. */
const unprivileged = () => {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = flag => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // Try the next user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user named postgres or nobody.')
}

/** A port on which nothing listens. */
export const freePort = async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

/**
 * Starts a cluster in a new folder. `stop` ends the cluster and deletes the folder.
 *
 * @param settings of postgresql.conf, in addition to those below.
 * @returns the URL of its superuser, or null if PostgreSQL's programs are not installed.
 */
export const startPostgres = async (settings = {}) => {
  const programs = findPrograms()
  if (programs === undefined) return null
  const user = unprivileged()
  const dir = mkdtempSync(join(tmpdir(), 'rekey-postgres-'))
  if (user.uid !== undefined) chownSync(dir, user.uid, user.gid)
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(dir, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user.uid !== undefined) chownSync(passwordFile, user.uid, user.gid)
  const data = join(dir, 'data')
  const options = { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'], ...user }
  execFileSync(
    join(programs, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'rekey',
      '--pwfile',
      passwordFile,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--no-sync',
    ],
    options,
  )
  const port = await freePort()
  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    // The data need not survive a power failure.
    fsync: 'off',
    ...settings,
  }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(programs, 'postgres'), ['-D', data, ...args], options)
  let log = ''
  await new Promise((ready, failed) => {
    child.once('exit', code => failed(new Error(`PostgreSQL ended with ${code}: ${log}`)))
    child.stderr.on('data', chunk => {
      log = (log + chunk).slice(-4_000)
      if (/ready to accept connections/.test(log)) ready()
    })
  })
  child.removeAllListeners('exit')
  const remove = () => rmSync(dir, { recursive: true, force: true })
  const abandon = () => {
    child.kill('SIGQUIT')
    remove()
  }
  process.on('exit', abandon)
  return {
    url: `postgres://rekey:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      process.off('exit', abandon)
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
      remove()
    },
  }
}
