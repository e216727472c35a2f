import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Group, Screen } from './screens'

/** The folder of the gallery, or undefined if this run takes no pictures. */
export const galleryDir = process.env.GALLERY_DIR

/** The widths of the pictures: a phone, a tablet and a laptop. */
export const widths = [1280, 768, 390] as const
export const schemes = ['light', 'dark'] as const
export type Scheme = (typeof schemes)[number]

// A list can be very long. What is below this height only repeats it.
const tallest = 2400

const slugOf = (words: string) =>
  words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** The name of the file of a picture. */
const fileOf = (group: Group, screen: Screen, width: number, scheme: Scheme): string =>
  `${slugOf(group.name)}/${slugOf(screen.name)}-${width}-${scheme}.png`

/** The widths in which a screen exists. */
export const widthsOf = ({ width }: Screen): readonly number[] =>
  widths.filter(one => width === undefined || one === width)

/** Saves a picture of the page as it is now: all of a page, and the window around a dialog. */
export const takePicture = async (
  page: Page,
  group: Group,
  screen: Screen,
  width: number,
  scheme: Scheme,
): Promise<void> => {
  if (galleryDir === undefined) return
  const path = join(galleryDir, fileOf(group, screen, width, scheme))
  await mkdir(join(path, '..'), { recursive: true })
  const before = page.viewportSize()
  const layers = await page.locator('[role=dialog], [role=menu]').count()
  if (layers === 0) {
    // A window of this height, because the frame of the page is as high as the window.
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width, height: Math.min(height, tallest) })
  }
  await page.screenshot({ path, caret: 'hide' })
  if (before !== null) await page.setViewportSize(before)
}

const style = `
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.4 }
  body { margin: 0 auto; max-width: 110rem; padding: 1rem }
  nav ol { columns: 18rem; padding-left: 1.5rem }
  section > h3 { margin: 2.5rem 0 0.5rem }
  .pictures { align-items: start; display: flex; flex-wrap: wrap; gap: 1rem }
  figure { margin: 0 }
  figcaption { font-size: 0.85rem }
  img { border: 1px solid #8888; display: block; max-width: 100% }
`

const figureOf = (group: Group, screen: Screen, width: number, scheme: Scheme): string => {
  const file = fileOf(group, screen, width, scheme)
  const shown = Math.round(width / 2)
  return `<figure>
  <a href="${file}"><img src="${file}" width="${shown}" loading="lazy" alt="${screen.name}, ${width} pixels wide, ${scheme} scheme"></a>
  <figcaption>${width} px, ${scheme}</figcaption>
</figure>`
}

const sectionOf = (group: Group, screen: Screen): string => `<section>
<h3 id="${slugOf(screen.name)}">${screen.name}</h3>
<p><code>${screen.path}</code></p>
${widthsOf(screen)
  .map(
    width => `<div class="pictures">
${schemes.map(scheme => figureOf(group, screen, width, scheme)).join('\n')}
</div>`,
  )
  .join('\n')}
</section>`

/** Writes the page that shows all pictures. */
export const writeGallery = async (groups: readonly Group[]): Promise<void> => {
  if (galleryDir === undefined) return
  const contents = groups.map(
    ({ name, screens }) => `<li>${name}
<ol>${screens.map(screen => `<li><a href="#${slugOf(screen.name)}">${screen.name}</a></li>`).join('')}</ol></li>`,
  )
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gallery · Rekey</title>
<style>${style}</style>
<h1>Gallery</h1>
<nav aria-label="Screens"><ol>${contents.join('\n')}</ol></nav>
<main>
${groups
  .map(
    group => `<h2>${group.name}</h2>
${group.screens.map(screen => sectionOf(group, screen)).join('\n')}`,
  )
  .join('\n')}
</main>
</html>
`
  await mkdir(galleryDir, { recursive: true })
  await writeFile(join(galleryDir, 'index.html'), page)
}
