// Makes a package that runs without this folder: dist/rekey and, of the same files,
// dist/rekey-<version>-<system>.tar.gz. It contains production files only. The option --demo adds the
// data of `npm start -- --demo`. See docs/operating/packages.md.
import {
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { describeThirdParties } from './third-parties.mjs'
import {
  build,
  filesUnder,
  install,
  main,
  projectDir,
  readJson,
  removeOutdated,
  runPnpm,
  say,
} from './workspace.mjs'

const dist = join(projectDir, 'dist')
const target = join(dist, 'rekey')
const server = join(target, 'server')
const packages = join(server, 'node_modules')

const writeJson = (path, content) =>
  writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`)

// Node never loads them: declarations and sources of TypeScript, source maps, notes of compilers, and
// links to the commands of the dependencies.
const neverLoaded = /\.(ts|mts|cts|map|tsbuildinfo)$|[\\/]\.bin[\\/]/

// pnpm's own notes, which name folders of this machine.
const notes = ['.modules.yaml', '.pnpm', '.pnpm-workspace-state-v1.json']

/** Copies the files of the package `shared`: pnpm links them to those here, so they would change with them. */
const unlinkShared = () => {
  const linked = join(packages, '@rekey', 'shared')
  const copy = `${linked}.copy`
  cpSync(linked, copy, { recursive: true })
  rmSync(linked, { recursive: true })
  renameSync(copy, linked)
}

/**
 * Removes what node-gyp wrote when it compiled bindings, except the bindings. Its notes name folders,
 * and repeat the npm settings of this machine, such as the address of a proxy.
 */
const pruneBindings = () => {
  const settings = filesUnder(packages).filter(path => path.endsWith(join('build', 'config.gypi')))
  for (const file of settings) {
    const built = dirname(file)
    for (const path of filesUnder(built)) {
      const isBinding = dirname(path) === join(built, 'Release') && path.endsWith('.node')
      if (!isBinding) rmSync(path)
    }
  }
}

const removeEmptyFolders = dir => {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(join(dir, entry.name))
  }
  if (readdirSync(dir).length === 0) rmdirSync(dir)
}

/** Removes what production does not need from the dependencies. */
const prune = demo => {
  for (const name of notes) rmSync(join(packages, name), { recursive: true, force: true })
  if (!demo) rmSync(join(packages, '@faker-js'), { recursive: true })
  pruneBindings()
  // The C sources of sqlite3.
  for (const name of ['deps', 'src']) rmSync(join(packages, 'sqlite3', name), { recursive: true })
  for (const path of filesUnder(packages)) if (neverLoaded.test(path)) rmSync(path)
  removeEmptyFolders(packages)
}

/** The commands have the same names as in the source. */
const scripts = {
  start: 'node server/dist/main.js',
  rekey: 'node server/dist/rekey.js',
  seed: 'node server/dist/demo/seed.js',
  'operations:verify': 'node server/dist/verify-operations.js',
}

/** Writes manifests without the development of Rekey, and without the folders of this machine. */
const writeManifests = ({ name, version, description, license, engines }) => {
  const manifest = { name, version, private: true, description, license, engines, scripts }
  writeJson(join(target, 'package.json'), manifest)
  const path = join(server, 'package.json')
  const { name: serverName, description: serverDescription } = readJson(path)
  writeJson(path, {
    name: serverName,
    version,
    private: true,
    description: serverDescription,
    license,
  })
}

main(async () => {
  const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } })
  await install()
  // The installation brings it, so it cannot be imported before.
  const { create } = await import('tar')
  await build()
  say('Making the package.')
  rmSync(dist, { recursive: true, force: true })
  mkdirSync(dist)
  // pnpm copies the packages and the compiled sqlite3 from its store, in the versions of the lockfile.
  // Plain folders can be moved anywhere: no links between them, and none to the files of the store.
  await runPnpm(
    ...[
      '--filter',
      '@rekey/server',
      'deploy',
      '--prod',
      '--prefer-offline',
      '--reporter',
      'silent',
    ],
    ...['inject-workspace-packages=true', 'node-linker=hoisted', 'package-import-method=copy'].map(
      name => `--config.${name}`,
    ),
    server,
  )
  rmSync(join(server, 'pnpm-lock.yaml'))
  unlinkShared()
  prune(values.demo)
  removeOutdated(join(server, 'dist'), join(projectDir, 'server', 'src'))
  removeOutdated(join(packages, '@rekey', 'shared', 'dist'), join(projectDir, 'shared', 'src'))
  const manifest = readJson('package.json')
  writeManifests(manifest)
  const client = join(projectDir, 'client', 'dist')
  // The folder .vite has lists for the benchmark and for this script, also in the explorer.
  const filter = path => !path.endsWith('.vite')
  cpSync(client, join(target, 'client', 'dist'), { recursive: true, filter })
  for (const path of ['LICENSE', 'CHANGELOG.md', join('docs', 'operations.graphql')]) {
    cpSync(join(projectDir, path), join(target, path))
  }
  const { sbom, licenses } = await describeThirdParties(
    manifest,
    readJson(join('server', 'package.json')),
    server,
    client,
  )
  writeJson(join(target, 'sbom.cdx.json'), sbom)
  writeFileSync(join(target, 'THIRD-PARTY-LICENSES.md'), licenses)

  const name = `rekey-${manifest.version}`
  const file = join(dist, `${name}-${process.platform}-${process.arch}.tar.gz`)
  // `portable`: without the names and numbers of the users of this machine.
  create({ file, cwd: target, gzip: true, portable: true, prefix: name, sync: true }, ['.'])
  say(`Made ${relative(projectDir, target)} and ${relative(projectDir, file)}.`)
})
