import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Figure } from './figures.js'

const projectDir = join(__dirname, '..', '..')

/** The size of a folder, as the disk stores it. */
const megabytesOf = (dir: string): number => {
  const [size = ''] = execFileSync('du', ['-sm', dir], { encoding: 'utf8' }).split('\t')
  return Number(size)
}

/** Time and size of an installation from the lockfile, using the packages in pnpm's store. */
const install = (from: string, files: readonly string[], args: readonly string[]) => {
  const dir = mkdtempSync(join(tmpdir(), 'rekey-bench-'))
  try {
    for (const file of files) {
      mkdirSync(dirname(join(dir, file)), { recursive: true })
      cpSync(join(from, file), join(dir, file))
    }
    const manifest = readFileSync(join(from, 'package.json'), 'utf8')
    const { packageManager } = JSON.parse(manifest) as { packageManager: string }
    const begun = performance.now()
    execFileSync('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', ...args], {
      cwd: dir,
      env: { ...process.env, CI: 'true' },
      stdio: 'ignore',
    })
    const seconds = (performance.now() - begun) / 1000
    return { seconds, megabytes: megabytesOf(dir) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The size of the package that operators install: server and pages. */
const packageMegabytes = (): number => {
  execFileSync('npm', ['run', '--silent', 'package'], { cwd: projectDir, stdio: 'ignore' })
  return megabytesOf(join(projectDir, 'dist', 'rekey'))
}

/**
 * Measures the installation of Rekey with all its tools, its package, and the installation of Better
 * Auth.
 */
export const measureInstall = (): Figure[] => {
  const manifests = ['shared', 'server', 'client', 'e2e', 'bench'].map(
    name => `${name}/package.json`,
  )
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]
  const all = install(projectDir, files, [])
  const packaged = packageMegabytes()
  const other = install(
    join(projectDir, 'bench', 'better-auth'),
    ['package.json', 'pnpm-lock.yaml'],
    ['--ignore-workspace'],
  )
  return [
    { name: 'install, all with tools', value: all.seconds, unit: 's' },
    { name: 'installed, all with tools', value: all.megabytes, unit: 'MB' },
    {
      name: 'installed, package',
      value: packaged,
      unit: 'MB',
      ratio: packaged / other.megabytes,
      of: 'Better Auth',
    },
    { name: 'install, Better Auth', value: other.seconds, unit: 's' },
  ]
}
