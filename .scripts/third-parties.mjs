// Describes the packages of others in a package of Rekey: a bill of materials in the format CycloneDX,
// and a list of licenses.
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { filesUnder, readJson } from './workspace.mjs'

const isForeign = ({ name }) => !name.startsWith('@rekey/')

const ref = ({ name, version }) =>
  `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`

const byName = (a, b) => (a.ref < b.ref ? -1 : 1)

const licenseOf = ({ name, version, license }) => {
  if (typeof license === 'string') return license
  throw new Error(`${name} ${version} names no license in its package.json.`)
}

const described = (name, version, license, more = {}) => {
  const packageRef = ref({ name, version })
  return { ref: packageRef, purl: packageRef, name, version, license, needs: [], ...more }
}

/** The packages in a folder node_modules, and in those inside it. Keys are the folders. */
const readPackages = packagesDir => {
  const found = new Map()
  const isPackage = /[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+[\\/]package\.json$/
  for (const path of filesUnder(packagesDir)) {
    if (isPackage.test(path)) found.set(dirname(path), readJson(path))
  }
  return found
}

/** Finds a package as Node does: in the nearest folder node_modules that has it. */
const resolve = (packages, from, name) => {
  const path = join(from, 'node_modules', name)
  if (packages.has(path)) return packages.get(path)
  return dirname(from) === from ? undefined : resolve(packages, dirname(from), name)
}

const needsOf = (packages, dir, manifest) => {
  const { dependencies, optionalDependencies, peerDependencies } = manifest
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })
    .map(name => resolve(packages, dir, name))
    .filter(found => found !== undefined && isForeign(found))
    .map(ref)
}

/** SQLite is compiled into the package sqlite3, so no manifest names it. */
const describeSqlite = async serverDir => {
  const { Database } = createRequire(join(serverDir, 'package.json'))('sqlite3')
  const database = new Database(':memory:')
  const { version } = await promisify(database.get.bind(database))(
    'SELECT sqlite_version() AS version',
  )
  await promisify(database.close.bind(database))()
  const purl = `pkg:generic/sqlite@${version}`
  const cpe = `cpe:2.3:a:sqlite:sqlite:${version}:*:*:*:*:*:*:*`
  return { ref: purl, purl, cpe, name: 'sqlite', version, license: 'blessing', needs: [] }
}

const describeServer = async (serverDir, serverManifest) => {
  const packages = readPackages(join(serverDir, 'node_modules'))
  const sqlite = await describeSqlite(serverDir)
  const all = [...packages]
    .filter(([, manifest]) => isForeign(manifest))
    .map(([dir, manifest]) => {
      const needs = needsOf(packages, dir, manifest)
      if (manifest.name === '@gristlabs/sqlite3') needs.push(sqlite.ref)
      return described(manifest.name, manifest.version, licenseOf(manifest), { needs })
    })
  return { all: [...all, sqlite], direct: needsOf(packages, serverDir, serverManifest) }
}

const readLicense = folder => {
  const name = readdirSync(folder).find(file => /^licen[cs]e/i.test(file))
  return name === undefined ? undefined : readFileSync(join(folder, name), 'utf8').trim()
}

/** Vite lists the packages whose code is in the pages, and our plugin those in their workers. */
const describeClient = clientDir =>
  ['', 'explorer'].flatMap(page => {
    const lists = join(clientDir, page, '.vite')
    const inPages = readJson(join(lists, 'license.json'))
      .filter(isForeign)
      .map(({ identifier, ...entry }) => ({ ...entry, license: identifier }))
    const inWorkers = readJson(join(lists, 'worker-packages.json')).map(folder => ({
      ...readJson(join(folder, 'package.json')),
      text: readLicense(folder),
    }))
    return [...inPages, ...inWorkers].map(({ text, ...manifest }) =>
      described(manifest.name, manifest.version, licenseOf(manifest), { text }),
    )
  })

const withoutDuplicates = components =>
  [...new Map(components.map(component => [component.ref, component])).values()].sort(byName)

const toComponent = ({ ref: bomRef, name, version, license, purl, cpe }) => ({
  type: 'library',
  'bom-ref': bomRef,
  name,
  version,
  licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }],
  ...(cpe === undefined ? {} : { cpe }),
  purl,
})

const createSbom = ({ name, version, license }, server, client) => {
  const root = ref({ name, version })
  const components = withoutDuplicates([...client, ...server.all])
  const direct = [...new Set([...server.direct, ...client.map(component => component.ref)])]
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: {
      timestamp: new Date().toISOString(),
      component: {
        type: 'application',
        'bom-ref': root,
        name,
        version,
        licenses: [{ license: { id: license } }],
        purl: root,
      },
    },
    components: components.map(toComponent),
    dependencies: [
      { ref: root, dependsOn: direct.sort() },
      ...components.map(({ ref: from, needs }) => ({
        ref: from,
        dependsOn: [...new Set(needs)].sort(),
      })),
    ],
  }
}

const listLicenses = (server, client) =>
  [
    '# Third-party licenses',
    '',
    'The server and the pages of Rekey contain these packages of others.',
    '',
    '## Server',
    '',
    'If the authors publish the text of a license, it is in the folder of the package, in `server/node_modules`.',
    'SQLite is in the public domain (https://sqlite.org/copyright.html).',
    '',
    '| package | version | license |',
    '| --- | --- | --- |',
    ...withoutDuplicates(server.all).map(
      ({ name, version, license }) => `| ${name} | ${version} | ${license} |`,
    ),
    '',
    '## Pages',
    '',
    ...withoutDuplicates(client).flatMap(({ name, version, license, text }) => [
      `### ${name} ${version}`,
      '',
      license,
      '',
      ...(text === undefined ? [] : ['```text', text, '```', '']),
    ]),
  ].join('\n')

/**
 * Describes all packages of others.
 *
 * @param manifest the manifest of Rekey.
 * @param serverManifest the manifest of its server, with its dependencies.
 * @param serverDir the folder of the server in the package, with node_modules.
 * @param clientDir the folder that Vite built, with its lists of licenses.
 */
export const describeThirdParties = async (manifest, serverManifest, serverDir, clientDir) => {
  const server = await describeServer(serverDir, serverManifest)
  const client = describeClient(clientDir)
  return { sbom: createSbom(manifest, server, client), licenses: listLicenses(server, client) }
}
