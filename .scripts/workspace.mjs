// What every root script needs first: packages installed, packages built, both
// skipped when nothing they depend on has changed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the whole project. */
export const projectDir = join(dirname(fileURLToPath(import.meta.url)), '..')

const stampDir = join(projectDir, '.stamps')
const packages = ['shared', 'server', 'client', 'e2e', 'bench']
const generated = new Set([
  'node_modules',
  'bundle',
  'dist',
  'gql',
  'report',
  'results',
  'screenshots',
])

/** Prints one line of what is going on. */
export const say = line => process.stdout.write(`${line}\n`)

/** Runs a command to its end; throws unless it ends well. */
export const run = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectDir,
      stdio: 'inherit',
      shell: process.platform === 'win32',
      ...options,
      env: { ...process.env, ...options.env },
    })
    child.on('error', reject)
    child.on('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`${[command, ...args].join(' ')} ended with ${code ?? signal}.`)),
    )
  })

/** Runs a script of one package. */
export const runIn = (name, script, env = {}) =>
  run('npm', ['run', '--silent', script], { cwd: join(projectDir, name), env })

const filesUnder = path => {
  const entries = readdirSync(path, { withFileTypes: true })
  return entries
    .filter(entry => !generated.has(entry.name) && !entry.name.endsWith('.tsbuildinfo'))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(entry => {
      const inner = join(path, entry.name)
      return entry.isDirectory() ? filesUnder(inner) : [inner]
    })
}

const hashOf = paths => {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}`)
  for (const path of paths) hash.update(path).update(readFileSync(path))
  return hash.digest('hex')
}

/** Does the work unless it was done for these very files, and what it made is there. */
const unlessDone = async (name, paths, made, work) => {
  const stamp = join(stampDir, name)
  const hash = hashOf(paths)
  const done = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
  if (done && made.every(path => existsSync(join(projectDir, path)))) return
  await work()
  mkdirSync(stampDir, { recursive: true })
  writeFileSync(stamp, hash)
}

const inProject = (...paths) => paths.map(path => join(projectDir, path))

/** Installs what the lockfile names. */
export const install = async () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Rekey needs Node 20.19 or newer; this is ${process.version}.`)
  }
  const manifests = packages.map(name => `${name}/package.json`)
  const inputs = inProject('package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests)
  const made = ['node_modules', ...packages.map(name => `${name}/node_modules`)]
  await unlessDone('install', inputs, made, () => {
    say('Installing. The first time, sqlite3 is compiled: that takes a minute or two.')
    return runPnpm('install', '--frozen-lockfile')
  })
}

/** Installs what the lockfile of a folder outside the workspace names. */
export const installAt = async (path, args) => {
  const inputs = inProject(join(path, 'package.json'), join(path, 'pnpm-lock.yaml'))
  await unlessDone(
    `install-${path.replaceAll(sep, '-')}`,
    inputs,
    [join(path, 'node_modules')],
    () => {
      say(`Installing ${path}.`)
      return runPnpm('install', '--frozen-lockfile', '--dir', path, ...args)
    },
  )
}

const runPnpm = (...args) => {
  const { packageManager } = JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8'))
  // CI: never ask anything.
  return run('npx', ['--yes', packageManager, ...args], { env: { CI: 'true' } })
}

/** Builds the packages that are stale. */
export const build = async () => {
  const base = inProject('tsconfig.base.json', 'pnpm-lock.yaml')
  const shared = filesUnder(join(projectDir, 'shared'))
  const server = filesUnder(join(projectDir, 'server'))
  await unlessDone(
    'server',
    [...base, ...shared, ...server],
    ['server/bundle/main.js', 'server/bundle/server.js'],
    () => {
      say('Building the server.')
      return runIn('server', 'build')
    },
  )
  const client = filesUnder(join(projectDir, 'client'))
  const schema = inProject('server/schema.graphql')
  const clientInputs = [...base, ...shared, ...schema, ...client]
  const pages = ['client/dist/index.html', 'client/dist/explorer/explorer.html']
  await unlessDone('client', clientInputs, pages, () => {
    say('Building the client.')
    return runIn('client', 'build')
  })
}

/**
 * What the server is started with. libuv's threads carry both hashing and the
 * database; beside one hash per core, four are left for queries.
 */
export const serverEnvironment = () => ({
  UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? String(availableParallelism() + 4),
})

/** Runs a script's main function; a failure is one line and an exit code. */
export const main = work => {
  work().catch(failure => {
    process.stderr.write(`${failure.message}\n`)
    process.exit(1)
  })
}
