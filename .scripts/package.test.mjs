// Makes the package with the command of the Dockerfile, unpacks it outside of this folder, and uses it
// as an administrator would. There is no container engine here, so these tests run the commands of the
// Dockerfile themselves.
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { extract } from 'tar'
import { parse as parseYaml } from 'yaml'
import { freePort } from './postgres.mjs'
import { filesUnder, projectDir, readJson } from './workspace.mjs'

const maxMegabytes = 120
const readProject = name => readFileSync(join(projectDir, name), 'utf8')
const { readConfig, settingNames } = createRequire(import.meta.url)(
  join(projectDir, 'server', 'dist', 'config', 'config.js'),
)

/** The instructions of the Dockerfile, such as `{ name: 'USER', value: 'node' }`. */
const instructions = readProject('Dockerfile')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => {
    const [, name, value] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    return { name, value }
  })
const valuesOf = wanted => instructions.flatMap(({ name, value }) => (name === wanted ? value : []))
const imageEnvironment = Object.fromEntries(
  valuesOf('ENV').flatMap(value => value.split(' ').map(pair => pair.split('='))),
)
const commandOf = value => JSON.parse(value.slice(value.indexOf('[')))

const compose = parseYaml(readProject('compose.yaml'))
const password = 'Amber-Lantern-41-Quay'
const folder = mkdtempSync(join(tmpdir(), 'rekey-package-'))
const data = join(folder, 'data')
const { version } = readJson('package.json')
const unpacked = join(folder, `rekey-${version}`)

/** The environment of a process in the container: nothing of this one but the path. */
const environment = { PATH: process.env.PATH, HOME: folder, ...imageEnvironment, DATA_DIR: data }

/** Runs a command in the unpacked package. Returns its exit code and its output. */
const runThere = async ([command, ...args], settings = {}) => {
  try {
    const env = { ...environment, ...settings }
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: unpacked, env })
    return { code: 0, stdout, stderr }
  } catch ({ code, stdout, stderr }) {
    return { code, stdout, stderr }
  }
}

/** Starts the server with the command of the Dockerfile, and waits until it prints what is expected. */
const startServer = async (expected, moreSettings = {}) => {
  const port = await freePort()
  const settings = { PORT: String(port), HOST: '127.0.0.1', ...moreSettings }
  const [command, ...args] = commandOf(valuesOf('CMD')[0])
  const child = spawn(command, args, {
    cwd: unpacked,
    env: { ...environment, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  const [, found] = await new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`The server ended with ${code}: ${printed}`)))
    child.stdout.on('data', chunk => {
      printed += chunk
      const match = expected.exec(printed)
      if (match !== null) resolve(match)
    })
  })
  child.removeAllListeners('exit')
  const url = `http://localhost:${port}`
  let cookies = ''
  return {
    url,
    settings,
    found,
    /** The number of its threads. */
    threads: () => readdirSync(`/proc/${child.pid}/task`).length,
    query: async (query, variables) => {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: cookies, origin: url },
        body: JSON.stringify({ query, variables }),
      })
      const set = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0])
      if (set.length > 0) cookies = set.join('; ')
      return await answer.json()
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = await ended
      return code
    },
  }
}

before(async () => {
  const [makePackage] = valuesOf('RUN')
  execFileSync('sh', ['-c', makePackage], { cwd: projectDir, stdio: 'inherit' })
  const name = `rekey-${version}-${process.platform}-${process.arch}.tar.gz`
  await extract({ file: join(projectDir, 'dist', name), cwd: folder })
})

after(() => rmSync(folder, { recursive: true, force: true }))

test('the package names no folder of the machine that made it, and no settings of its user', () => {
  const named = [`${projectDir}/`, `${homedir()}/.`]
  const found = filesUnder(unpacked).filter(path => {
    const content = readFileSync(path)
    return named.some(start => content.includes(start))
  })
  assert.deepEqual(found, [])
})

test('the package contains no tests, no sources and no development tools', () => {
  const files = filesUnder(unpacked)
  const unwanted = /\.test\.|\.(ts|mts|cts|map|tsbuildinfo)$|pnpm|[\\/]testing[\\/]/
  const own = path => !path.includes('node_modules') || path.includes('@rekey')
  assert.deepEqual(
    files.filter(
      path => /\.(ts|mts|cts|map)$|\.bin/.test(path) || (own(path) && unwanted.test(path)),
    ),
    [],
  )
  assert.deepEqual(readdirSync(unpacked).sort(), [
    'CHANGELOG.md',
    'LICENSE',
    'THIRD-PARTY-LICENSES.md',
    'client',
    'docs',
    'package.json',
    'sbom.cdx.json',
    'server',
  ])
  for (const name of ['typescript', 'jest', '@faker-js', '.bin', '.pnpm', '.modules.yaml']) {
    assert.ok(!existsSync(join(unpacked, 'server', 'node_modules', name)), name)
  }
  const manifests = ['package.json', 'server/package.json'].map(path =>
    readFileSync(join(unpacked, path), 'utf8'),
  )
  for (const manifest of manifests) assert.ok(!manifest.includes(projectDir))
  // A link to a file of this folder or of pnpm's store would change the package later.
  const made = filesUnder(join(projectDir, 'dist', 'rekey'))
  assert.deepEqual(
    made.filter(path => statSync(path).nlink > 1),
    [],
  )
})

test(`the package is smaller than ${maxMegabytes} MB`, t => {
  const blocks = filesUnder(unpacked).map(path => Math.ceil(statSync(path).size / 4096) * 4096)
  const megabytes = blocks.reduce((sum, size) => sum + size, 0) / 1024 / 1024
  t.diagnostic(`${megabytes.toFixed(1)} MB`)
  assert.ok(megabytes < maxMegabytes, `${megabytes} MB`)
})

test('the bill of materials is valid, and lists SQLite and the packages of both sides', async () => {
  const text = readFileSync(join(unpacked, 'sbom.cdx.json'), 'utf8')
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  assert.equal(await validator.validate(text), null)
  const { components, dependencies, metadata } = JSON.parse(text)
  const names = components.map(({ name }) => name)
  for (const name of ['sqlite', 'fastify', 'argon2', 'react', 'fflate', 'picomatch-browser']) {
    assert.ok(names.includes(name), name)
  }
  assert.equal(metadata.component.version, version)
  assert.ok(!names.some(name => name.startsWith('@rekey/')))
  // Every component is there because another one needs it.
  const needs = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const reached = new Set([metadata.component['bom-ref']])
  for (const ref of reached) for (const next of needs.get(ref) ?? []) reached.add(next)
  assert.deepEqual(
    components.map(({ purl }) => purl).filter(purl => !reached.has(purl)),
    [],
  )
})

test('all licenses allow to pass the package on', () => {
  const { components } = readJson(join(unpacked, 'sbom.cdx.json'))
  const allowed = new Set(
    ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC'].concat([
      'MIT',
      'MIT-0',
      'MPL-2.0',
      'WTFPL',
      'blessing',
      'Unlicense',
      'CC0-1.0',
      'Zlib',
      'Python-2.0',
    ]),
  )
  const licensesOf = ({ licenses: [{ license, expression }] }) =>
    license === undefined ? expression.split(/[() ]+|AND|OR/).filter(Boolean) : [license.id]
  const others = components.flatMap(licensesOf).filter(license => !allowed.has(license))
  assert.deepEqual(others, [])
  const list = readFileSync(join(unpacked, 'THIRD-PARTY-LICENSES.md'), 'utf8')
  for (const { name, version: ofPackage } of components) {
    assert.ok(
      list.includes(`| ${name} | ${ofPackage} |`) || list.includes(`${name} ${ofPackage}\n`),
    )
  }
})

test('the commands of the Dockerfile start the package, and its first owner signs in', async () => {
  const server = await startServer(/\/setup#token=(\S+)\n/)
  const health = commandOf(valuesOf('HEALTHCHECK')[0])
  try {
    assert.equal((await runThere(health, server.settings)).code, 0)

    const login = 'ada@example.com'
    const owner = { token: server.found, login, password, firstName: 'Ada', lastName: 'Byron' }
    const setUp = await server.query(
      'mutation ($input: SetUpOwnerInput!) { setUpOwner(input: $input) { user { login } errors { __typename } } }',
      { input: owner },
    )
    assert.deepEqual(setUp.data?.setUpOwner, { user: { login }, errors: [] }, JSON.stringify(setUp))
    const logIn = await server.query(
      'mutation ($input: LogInInput!) { logIn(input: $input) { user { name } errors { __typename } } }',
      { input: { login, password } },
    )
    assert.deepEqual(logIn.data?.logIn, { user: { name: 'Ada Byron' }, errors: [] })
    const viewer = await server.query('{ viewer { login } }')
    assert.deepEqual(viewer.data, { viewer: { login } })

    const page = await (await fetch(server.url)).text()
    const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? []
    const asset = await fetch(`${server.url}${script}`)
    assert.equal(asset.status, 200)
    assert.match(asset.headers.get('content-type'), /javascript/)
    assert.ok((await asset.text()).length > 10_000)

    const commands = [
      ['rekey', '--', 'backup', join(folder, 'backup.sqlite')],
      ['rekey', '--', 'user:reset-password', login],
      ['operations:verify'],
    ]
    const results = []
    for (const args of commands) {
      results.push(await runThere(['npm', 'run', '--silent', ...args], server.settings))
    }
    for (const { code, stderr } of results) assert.deepEqual([code, stderr], [0, ''])
    assert.match(results[1].stdout, /#token=/)
    assert.match(results[2].stdout, /unchanged/)
    assert.ok(existsSync(join(folder, 'backup.sqlite')))
  } finally {
    assert.equal(await server.stop(), 0)
  }
  assert.equal((await runThere(health, server.settings)).code, 1)
})

const isLinux = process.platform === 'linux'
test('the server gives itself four threads more than there are cores', {
  skip: !isLinux,
}, async () => {
  const count = async settings => {
    const server = await startServer(/is ready at/, settings)
    const threads = server.threads()
    await server.stop()
    return threads
  }
  const withOne = await count({ UV_THREADPOOL_SIZE: '1' })
  assert.equal((await count({})) - withOne, availableParallelism() + 4 - 1)
})

test('a package without the demo refuses --demo in one line, and creates nothing', async () => {
  const dataDir = join(folder, 'demo')
  const [command, ...args] = commandOf(valuesOf('CMD')[0])
  const settings = { DATA_DIR: dataDir, HOST: '127.0.0.1' }
  const { code, stdout, stderr } = await runThere([command, ...args, '--demo'], settings)
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /^[^\n]*npm run package -- --demo[^\n]*\n$/)
  assert.ok(!existsSync(dataDir))
})

test('the container runs as a user without rights, who owns only the folder of the data', () => {
  const [, makeFolder, ...others] = valuesOf('RUN')
  assert.deepEqual(others, [])
  const target = join(folder, 'volume')
  const [user, group] = ['-un', '-gn'].map(flag => execFileSync('id', [flag]).toString().trim())
  const here = makeFolder
    .replace('-o node', `-o ${user}`)
    .replace('-g node', `-g ${group}`)
    .replace('/data', target)
  execFileSync('sh', ['-c', here])
  assert.equal(statSync(target).mode & 0o777, 0o700)
  assert.deepEqual(valuesOf('USER'), ['node'])
  assert.deepEqual(valuesOf('VOLUME'), [imageEnvironment.DATA_DIR])
  assert.deepEqual(valuesOf('EXPOSE'), [imageEnvironment.PORT])
  assert.ok(makeFolder.endsWith(` ${imageEnvironment.DATA_DIR}`))
})

test('the images and compose.yaml use only settings that exist, and no password of their own', () => {
  const { rekey, database } = compose.services
  for (const name of [...Object.keys(imageEnvironment), ...Object.keys(rekey.environment)]) {
    assert.ok(settingNames.includes(name), name)
  }
  // Each secret comes from the file .env, and compose stops if it is not there.
  const isRequired = value => /\$\{[A-Z_]+:\?[^}]+\}/.test(value)
  assert.ok(Object.values(rekey.environment).every(isRequired))
  assert.ok(isRequired(database.environment.POSTGRES_PASSWORD))

  const [, sample = ''] =
    /```sh\n([^`]*> \.env[^`]*)```/.exec(readProject('docs/operating/packages.md')) ?? []
  execFileSync('sh', ['-c', sample], { cwd: folder })
  const given = Object.fromEntries(
    readFileSync(join(folder, '.env'), 'utf8')
      .trim()
      .split('\n')
      .map(line => /^([A-Z_]+)=(.+)$/.exec(line).slice(1)),
  )
  const settings = Object.entries(rekey.environment).map(([name, value]) => [
    name,
    value.replaceAll(/\$\{([A-Z_]+):\?[^}]*\}/g, (_, variable) => given[variable]),
  ])
  const inContainer = { ...given, ...imageEnvironment, ...Object.fromEntries(settings) }
  const config = readConfig(inContainer, '/srv/rekey')
  assert.deepEqual(config.warnings, [])
  assert.equal(config.dataDir, rekey.volumes[0].split(':')[1])
  assert.deepEqual(rekey.ports, [`127.0.0.1:4000:${imageEnvironment.PORT}`])
  const { username, hostname, pathname } = new URL(config.database.url)
  const { POSTGRES_USER, POSTGRES_DB } = database.environment
  assert.deepEqual([username, hostname, pathname], [POSTGRES_USER, 'database', `/${POSTGRES_DB}`])
})
