// What all root scripts need first: installed and built packages. A step is skipped if nothing that
// it depends on has changed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root folder of the project. */
export const projectDir = join(dirname(fileURLToPath(import.meta.url)), '..')

const packages = ['shared', 'server', 'client', 'e2e', 'bench']
const generated = new Set(['node_modules', 'dist', 'gql', 'compiled'])

/** The content of a file in JSON. A relative path begins in the project. */
export const readJson = path => {
  try {
    return JSON.parse(readFileSync(resolve(projectDir, path), 'utf8'))
  } catch (failure) {
    throw new Error(`${path}: ${failure.message}`)
  }
}

/** The paths of all files under a folder. */
export const filesUnder = dir =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name))

/** Prints a progress message. */
export const say = line => process.stdout.write(`${line}\n`)

/** Runs a command and waits for it; throws if it fails. */
export const run = (command, args, options = {}) =>
  new Promise((done, reject) => {
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
        ? done()
        : reject(new Error(`${[command, ...args].join(' ')} ended with ${code ?? signal}.`)),
    )
  })

/** Runs a script of one package. */
export const runIn = (name, script, env = {}) =>
  run('npm', ['run', '--silent', script], { cwd: join(projectDir, name), env })

// Lists the files under a path, with a hash of the content of each. Times are no help: unpacking an
// archive resets them, and pnpm changes them when it links a file.
const contentsUnder = path => {
  if (!statSync(path).isDirectory()) {
    return [`${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`]
  }
  const names = readdirSync(path).filter(name => !generated.has(name))
  return names.flatMap(name => contentsUnder(join(path, name)))
}

// Works like make: does the work if an output is missing, or if a source has changed since the last
// time.
const make = async (name, outputs, sources, work) => {
  const stamp = join(projectDir, 'node_modules', '.cache', 'rekey', name)
  const contents = sources.flatMap(contentsUnder).join('\n')
  const done = [stamp, ...outputs].every(path => existsSync(path))
  if (done && readFileSync(stamp, 'utf8') === contents) return
  await work()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, contents)
}

const inProject = (...paths) => paths.map(path => join(projectDir, path))

/** Installs the packages in the lockfile. */
export const install = async () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Rekey needs Node 20.19 or newer; this is ${process.version}.`)
  }
  const folders = ['', ...packages]
  const outputs = inProject(...folders.map(folder => join(folder, 'node_modules')))
  const manifests = inProject(...folders.map(folder => join(folder, 'package.json')))
  const sources = [...manifests, ...inProject('pnpm-lock.yaml', 'pnpm-workspace.yaml')]
  await make('install', outputs, sources, () => {
    say('Installing. The first time, sqlite3 is compiled: this needs a minute or two.')
    return runPnpm('install', '--frozen-lockfile')
  })
}

/** Installs the packages in the lockfile of a folder outside the workspace. */
export const installAt = async (path, args) => {
  const names = ['package.json', 'pnpm-lock.yaml', 'node_modules']
  const [manifest, lockfile, output] = names.map(name => join(projectDir, path, name))
  await make(`install-${basename(path)}`, [output], [manifest, lockfile], () => {
    say(`Installing ${path}.`)
    return runPnpm('install', '--frozen-lockfile', '--dir', path, ...args)
  })
}

// pnpm passes this to install scripts as npm_config_build_from_source. Otherwise the script of
// sqlite3 would first download a binary, which may need a newer glibc than this machine has.
const compileSqlite = '--config.build-from-source=@gristlabs/sqlite3'

/** Runs pnpm, in the version that the project names. */
export const runPnpm = (...args) => {
  const { packageManager } = readJson('package.json')
  // CI: never ask questions.
  return run('npx', ['--yes', packageManager, ...args, compileSqlite], { env: { CI: 'true' } })
}

/** Compiles the catalogues, and the changed sources of shared and server. */
export const compile = async () => {
  await run(process.execPath, ['.scripts/messages.mjs'])
  const tsc = (...args) =>
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'server', ...args])
  // tsc does not notice new versions of packages, or missing outputs.
  const outputs = inProject('shared/dist', 'server/dist/main.js')
  await make('server', outputs, inProject('pnpm-lock.yaml'), () => {
    say('Building the server.')
    return tsc('--force')
  })
  await tsc()
  // The server runs every migration in its folder.
  const folder = 'database/migrations'
  removeOutdated(...inProject(`server/dist/${folder}`, `server/src/${folder}`))
}

/**
 * Removes the outputs of sources that were renamed, or that belong to another branch: tsc keeps them.
 */
export const removeOutdated = (outputs, sources) => {
  for (const path of filesUnder(outputs)) {
    const source = join(sources, relative(outputs, path)).replace(/\.js$/, '.ts')
    if (path.endsWith('.js') && !existsSync(source)) rmSync(path)
  }
}

/** Builds the packages whose output is outdated. */
export const build = async () => {
  await compile()
  const pages = inProject('client/dist/index.html', 'client/dist/explorer/explorer.html')
  const sources = [
    'tsconfig.base.json',
    'pnpm-lock.yaml',
    'server/schema.graphql',
    'shared',
    'client',
  ]
  await make('client', pages, inProject(...sources), () => {
    say('Building the client.')
    return runIn('client', 'build')
  })
}

/** Runs a script's main function. A failure prints one line and sets an exit code. */
export const main = work => {
  work().catch(failure => {
    process.stderr.write(`${failure.message}\n`)
    process.exit(1)
  })
}
