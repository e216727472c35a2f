// Checks the documents: each link to a file or a heading leads somewhere, each document in docs says
// whom it is for, and the index lists it. Part of `npm run lint`.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectDir } from './workspace.mjs'

const read = file => readFileSync(join(projectDir, file), 'utf8')
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: projectDir, encoding: 'utf8' })
  .split('\n')
  .filter(file => file !== '' && existsSync(join(projectDir, file)))

/** The lines of a document that are not in a block of code. */
const proseOf = file => {
  let inCode = false
  return read(file)
    .split('\n')
    .map(line => {
      const isFence = line.trimStart().startsWith('```')
      if (isFence) inCode = !inCode
      return inCode || isFence ? '' : line
    })
}

/** The anchors that GitHub gives to the headings of a document. */
const anchorsOf = file => {
  const anchors = new Set()
  for (const line of proseOf(file)) {
    if (!/^#{1,6} /.test(line)) continue
    const slug = line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

const problems = []
const checkLink = (target, file, place) => {
  const [path, anchor] = target.split('#')
  const linked = path === '' ? file : join(dirname(file), path)
  if (!existsSync(join(projectDir, linked))) problems.push(`${place}: ${path} does not exist.`)
  else if (anchor && linked.endsWith('.md') && !anchorsOf(linked).has(anchor)) {
    problems.push(`${place}: ${linked} has no heading #${anchor}.`)
  }
}

let links = 0
for (const file of documents) {
  for (const [index, line] of proseOf(file).entries()) {
    // Links may be in a text with backticks, but not in the code itself.
    const text = line.replace(/`[^`]*`/g, '')
    for (const [, target] of text.matchAll(/(?:\]\(|srcset="|src="|href=")([^)"\s]+)/g)) {
      if (/^(https?|mailto):/.test(target)) continue
      links += 1
      checkLink(target, file, `${file}:${index + 1}`)
    }
  }
}

const index = read('docs/README.md')
for (const file of documents) {
  if (!file.startsWith('docs/') || file.startsWith('docs/decisions/')) continue
  const opening = read(file).split('\n\n')[1] ?? ''
  if (!opening.startsWith('For ')) problems.push(`${file}: does not say whom it is for.`)
  if (file !== 'docs/README.md' && !index.includes(`](${file.slice('docs/'.length)})`)) {
    problems.push(`docs/README.md: does not list ${file}.`)
  }
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log(`Checked ${links} links in ${documents.length} documents. No problems found.`)
