// Queries the registry for advisories about the packages that run in production. Fails if one is
// high or critical. If the registry offers no advisories or is unreachable, reports that and succeeds.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDir, say } from './workspace.mjs'

const { packageManager } = JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8'))

const audit = () => {
  const { stdout } = spawnSync('npx', ['--yes', packageManager, 'audit', '--prod', '--json'], {
    cwd: projectDir,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
    shell: process.platform === 'win32',
  })
  try {
    return JSON.parse(stdout)
  } catch {
    return null
  }
}

const advisories = audit()?.advisories
if (advisories === undefined) {
  say(
    'The registry returned no advisories, so the packages were not checked for known vulnerabilities.',
  )
} else {
  const found = Object.values(advisories)
  for (const { severity, module_name: name, title, url, patched_versions: fixed } of found) {
    say(`${severity}: ${name}: ${title} Fixed in ${fixed}. ${url}`)
  }
  const grave = found.filter(({ severity }) => ['high', 'critical'].includes(severity))
  say(`${found.length} advisories, ${grave.length} of them high or critical.`)
  if (grave.length > 0) process.exitCode = 1
}
