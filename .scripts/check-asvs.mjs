// Checks docs/asvs.md: each requirement is listed once with a known verdict, and the files and
// tests that it names exist. Part of `npm run lint`.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDir } from './workspace.mjs'

const document = 'docs/asvs.md'
/** The number of requirements at levels 1 and 2 of ASVS 5.0. */
const requirementCount = 253

const problems = []
const numbers = new Set()
const counts = { met: 0, partly: 0, not: 0, 'not applicable': 0 }

const addNumber = (number, line) => {
  if (!/^\d+\.\d+\.\d+$/.test(number)) problems.push(`${line}: “${number}” is not a number.`)
  if (numbers.has(number)) problems.push(`${line}: ${number} is listed twice.`)
  numbers.add(number)
}

/** Checks the paths of a cell, each between backticks. */
const checkPaths = (cell, line) => {
  const paths = cell.split('`').filter((_, index) => index % 2 === 1)
  if (paths.length === 0) problems.push(`${line}: “${cell}” contains no file name.`)
  for (const path of paths) {
    if (!existsSync(join(projectDir, path))) problems.push(`${line}: ${path} does not exist.`)
  }
}

const checkRow = (text, line) => {
  const [number, level, verdict, reason, file, test, ...rest] = text
    .slice(1, -1)
    .split('|')
    .map(cell => cell.trim())
  addNumber(number, line)
  if (test === undefined || rest.length > 0) {
    problems.push(`${line}: the row must have six cells.`)
    return
  }
  if (level !== '1' && level !== '2') problems.push(`${line}: “${level}” is not a level.`)
  if (['met', 'partly', 'not'].includes(verdict)) counts[verdict] += 1
  else problems.push(`${line}: “${verdict}” is not a verdict.`)
  checkPaths(file, line)
  if (test !== '–') checkPaths(test, line)
  else if (!reason.includes('No test: '))
    problems.push(`${line}: does not explain why there is no test.`)
}

const notApplicable = '- Not applicable: '

const lines = readFileSync(join(projectDir, document), 'utf8').split('\n')
for (const [index, text] of lines.entries()) {
  const line = `${document}:${index + 1}`
  if (text.startsWith(notApplicable)) {
    const [list, reason = ''] = text.slice(notApplicable.length).split(':', 2)
    if (reason.trim() === '') problems.push(`${line}: contains no reason.`)
    for (const number of list.split(', ')) {
      addNumber(number, line)
      counts['not applicable'] += 1
    }
  } else if (text.startsWith('|') && !/^\|[\s:-]*(-|no\. )/.test(text)) {
    checkRow(text, line)
  }
}
if (numbers.size !== requirementCount) {
  problems.push(`${document} has ${numbers.size} requirements, not ${requirementCount}.`)
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
const words = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`)
console.log(`Checked ${document}: ${words.join(', ')}.`)
