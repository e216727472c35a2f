// Counts words that make texts hard to read for people whose first language is not English. Fails if
// there are more than a few. Part of `npm run lint`; with --list, prints each place.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDir } from './workspace.mjs'

const maxHits = 60

/** The shared word list: write “requires” or “accepts” for “takes”, “if a user …” for “whoever”. */
const markers = [
  /\btakes\b/gi,
  /\b(tells|told)\b/gi,
  /\b(whoever|whomever|whichever)\b/gi,
  /\b(anew|once\s+more)\b/gi,
  /\bmend(s|ed)?\b/gi,
  /\b(worth\s+nothing|good\s+for\s+nothing)\b/gi,
  /\b(no\s+more\s+is|is\s+so\s+no\s+more|none\s+of\s+ours)\b/gi,
  /\b(comes?\s+to\s+an\s+end|is\s+over)\b/gi,
  /\b(puts?\s+in\s+place|put\s+in\s+its\s+place)\b/gi,
  /\bmakes?\s+it\s+known\b/gi,
  /\b(oneself|one['’]s\s+own)\b/gi,
  /\bnot\s+to\s+be\s+had\b/gi,
  /\b(lets?\s+through|holds?\s+back)\b/gi,
  /\bso\s+many\b/gi,
  /\b(as\s+it\s+were|alone|thereof|whereof|therein|beforehand)\b/gi,
  /\b(nobody\s+whose|what\s+is\s+(dangerous|left))\b/gi,
  /\bwho\s+(has|is|knows|may)\s+\w+\s+(is|gets|can|has)\b/gi,
  // Names in code: write `maxUsers` for `mostUsers`, and the thing itself for `truth` or `told`.
  /\b(most|least|longest|fewest|told|tell)[A-Z]\w*/g,
  /\b[a-z]+Told\b/g,
  /\b(evenSo|truth)\b/g,
]

const allowed = [
  // Something needs time.
  /\btakes\s+(\S+\s+){0,4}(milliseconds?|seconds?|minutes?|hours?|time|long|longer|less|while|moment)\b/gi,
  /\blong\s+(\S+\s+){1,5}takes\b/gi,
  // Set phrases without a simpler word.
  /\btakes\s+(no\s+)?(effect|precedence|over|back)\b/gi,
  /\b(leave|let)\s+(\S+\s+)?alone\b/gi,
  // Terms: the keyboard focus, a pointer that hovers, a boolean.
  /\btakes\s+the\s+focus\b/gi,
  /\bthe\s+pointer\s+is\s+over\b/gi,
  /\btruth\s+value\b/gi,
]

/** Generated files, the lock file and this file. */
const skipped = [
  '.scripts/check-words.mjs',
  'client/src/gql/',
  'pnpm-lock.yaml',
  'server/schema.graphql',
  'server/schema.released.graphql',
  'shared/src/password-policy/common-passwords/',
]

/** Replaces characters without moving the others, so that lines keep their numbers. */
const blank = (text, pattern) => text.replace(pattern, found => found.replace(/\S/g, ' '))

/** The text without comment signs, which may stand within a phrase, and without allowed phrases. */
const textOf = content => allowed.reduce(blank, blank(content, /^[ \t]*(\/\/|\*|#)/gm))

const hits = []
const files = execFileSync('git', ['ls-files'], { cwd: projectDir, encoding: 'utf8' }).split('\n')
for (const file of files) {
  if (file === '' || skipped.some(path => file.startsWith(path))) continue
  const content = readFileSync(join(projectDir, file), 'utf8')
  if (content.includes('\0')) continue
  const text = textOf(content)
  for (const { 0: word, index } of markers.flatMap(marker => [...text.matchAll(marker)])) {
    const line = text.slice(0, index).split('\n').length
    hits.push(`${file}:${line}: ${word.replace(/\s+/g, ' ')}`)
  }
}

if (process.argv.includes('--list')) for (const hit of hits) console.log(hit)
const summary = `Found ${hits.length} words of the word list; at most ${maxHits} are allowed.`
if (hits.length > maxHits) {
  console.error(`${summary} Run node .scripts/check-words.mjs --list.`)
  process.exit(1)
}
console.log(summary)
