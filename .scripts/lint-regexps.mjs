// Finds regular expressions that need a time that grows faster than their text: quantifiers
// within each other or side by side that can match the same characters. One request with such a
// text would hold the event loop. Part of `npm run lint`.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyse } from 'scslre'
import ts from 'typescript'
import { projectDir } from './workspace.mjs'

// Proves that the analysis works: all but the last one have to be found.
const samples = [
  ['(a+)+$', 'Self'],
  ['^(a|a+b)*$', 'Trade'],
  ['^\\s*\\s*x', 'Trade'],
  ['^"[^"]*.*"$', 'Trade'],
  ['\\s+$', 'Move'],
  ['^[a-z]+$', null],
]

/** Why a pattern takes long, in a few words; null if it does not. */
const problemOf = (source, flags) => {
  const [report] = analyse({ source, flags }, { reportTypes: { Move: true } }).reports
  return report === undefined
    ? null
    : `${report.type}, by repeating ${JSON.stringify(report.character.pick)}`
}

/** The text of a string or template, with an `x` in place of what it inserts; null if it is neither. */
const textOf = node => {
  if (node === undefined) return ''
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return null
  return [node.head.text, ...node.templateSpans.map(span => span.literal.text)].join('x')
}

/** All patterns of a file: literals, and arguments of `RegExp`. */
const patternsOf = function* (node) {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/')
    yield { node, source: node.text.slice(1, end), flags: node.text.slice(end + 1) }
  }
  if (
    (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
    node.expression.getText() === 'RegExp'
  ) {
    const [pattern, flags] = node.arguments ?? []
    yield { node, source: textOf(pattern), flags: textOf(flags) }
  }
  const children = []
  ts.forEachChild(node, child => {
    children.push(child)
  })
  for (const child of children) yield* patternsOf(child)
}

const problems = []
for (const [source, type] of samples) {
  const problem = problemOf(source, '')
  if (type === null ? problem !== null : !problem?.startsWith(type)) {
    problems.push(`The sample /${source}/ gives ${problem ?? 'nothing'}, not ${type ?? 'nothing'}.`)
  }
}

const files = execFileSync(
  'git',
  [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    '*.ts',
    '*.tsx',
    '*.js',
    '*.mjs',
    '*.cjs',
  ],
  {
    cwd: projectDir,
    encoding: 'utf8',
  },
)
  .split('\n')
  // Tests, journeys and the benchmark read what they wrote.
  .filter(file => /\.\w+$/.test(file) && !/\.test\.tsx?$|\/testing\/|^e2e\/|^bench\//.test(file))

let count = 0
for (const file of files) {
  const path = join(projectDir, file)
  const tree = ts.createSourceFile(file, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  for (const { node, source, flags } of patternsOf(tree)) {
    count += 1
    const problem =
      source === null || flags === null
        ? 'cannot be checked: write the pattern as a literal or a template'
        : problemOf(source, flags)
    if (problem === null) continue
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart())
    problems.push(`${file}:${line + 1} ${node.getText()}: ${problem}.`)
  }
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) {
  console.error(
    'These regular expressions can take a time that grows faster than their text. Let each character match one quantifier alone, anchor the pattern, or use string methods.',
  )
  process.exit(1)
}
console.log(`Checked ${count} regular expressions. No problems found.`)
