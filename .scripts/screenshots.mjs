// Saves the pictures of the README, from the demo, in docs/images.
import { join } from 'node:path'
import { provideBrowser } from './browser.mjs'
import { build, install, main, projectDir, runIn, say } from './workspace.mjs'

const folder = join(projectDir, 'docs', 'images')

main(async () => {
  await install()
  await build()
  await provideBrowser()
  await runIn('e2e', 'screenshots', { SCREENSHOTS_DIR: folder })
  say(`The pictures are in ${folder}`)
})
