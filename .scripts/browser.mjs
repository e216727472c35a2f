// The browser of the journeys.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDir, run, say } from './workspace.mjs'

const isDebianRoot = () =>
  process.getuid?.() === 0 &&
  existsSync('/etc/os-release') &&
  /^(ID|ID_LIKE)=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))

/** Finds a browser, or installs one. */
export const provideBrowser = async () => {
  const path = process.env.CHROMIUM_PATH
  if (path !== undefined && !existsSync(path))
    throw new Error(`CHROMIUM_PATH: ${path} does not exist.`)
  if (path !== undefined || existsSync('/usr/bin/chromium')) return
  if (isDebianRoot()) {
    say('Installing chromium.')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-q'], { env })
    await run('apt-get', ['install', '-qy', '--no-install-recommends', 'chromium'], { env })
    return
  }
  const playwright = join(projectDir, 'e2e', 'node_modules', '.bin', 'playwright')
  await run(playwright, ['install', 'chromium']).catch(() => {
    throw new Error('No browser was found: install Chromium and set CHROMIUM_PATH to its path.')
  })
}
