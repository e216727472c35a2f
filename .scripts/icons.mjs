// Draws the icons for home screens from the icon of the browser tab, `client/public/favicon.svg`.
// Needs the browser of the journeys: node .scripts/icons.mjs [path of the browser]
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const { chromium } = createRequire(join(root, 'e2e/package.json'))('@playwright/test')
const folder = join(root, 'client/public')
const icon = await readFile(join(folder, 'favicon.svg'), 'utf8')
// Home screens cut their own shape out of these, so the background fills the whole square.
const square = icon.replace(' rx="8"', '')
// Of a maskable icon only the inner circle with 80 % of the width is safe.
const maskable = square
  .replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
  .replace('<rect width="32" height="32"', '<rect x="-4" y="-4" width="40" height="40"')

const browser = await chromium.launch(
  process.argv[2] === undefined ? {} : { executablePath: process.argv[2] },
)
const draw = async (name, size, svg) => {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`,
  )
  await page.screenshot({ path: join(folder, name), omitBackground: true })
  await page.close()
}
await draw('apple-touch-icon.png', 180, square)
await draw('icon-192.png', 192, icon)
await draw('icon-512.png', 512, icon)
await draw('icon-maskable-512.png', 512, maskable)
await browser.close()
