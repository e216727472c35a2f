// Saves a picture of each screen, checks it, and writes a page that shows the pictures.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { provideBrowser } from './browser.mjs'
import { build, install, main, projectDir, runIn, say } from './workspace.mjs'

const folder = join(projectDir, 'e2e', 'gallery-output')

main(async () => {
  await install()
  await build()
  await provideBrowser()
  rmSync(folder, { recursive: true, force: true })
  await runIn('e2e', 'gallery', { GALLERY_DIR: folder })
  say(`The gallery is in ${join(folder, 'index.html')}`)
})
