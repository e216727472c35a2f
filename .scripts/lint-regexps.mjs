// Finds regular expressions whose running time grows faster than their text: nested or adjacent
// quantifiers that can match the same characters. One request with such a text would block the
// event loop. Part of `npm run lint`.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyse } from 'scslre'
import ts from 'typescript'
import { projectDir } from './workspace.mjs'

// Proves that the analysis works: it must find all of them except the last one.
const samples = [
  ['(a+)+$', 'Self'],
  ['^(a|a+b)*$', 'Trade'],
  ['^\\s*\\s*x', 'Trade'],
  ['^"[^"]*.*"$', 'Trade'],
  ['\\s+$', 'Move'],
  ['^[a-z]+$', null],
]

/** Why a pattern is slow, in a few words; null if it is not. */
const problemOf = (source, flags) => {
  const [report] = analyse({ source, flags }, { reportTypes: { Move: true } }).reports
  return report === undefined
    ? null
    : `${report.type}, by repeating ${JSON.stringify(report.character.pick)}`
}

/**
 * The content of a string or template, with an `x` for each inserted expression; null for other
 * nodes.
 */
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
  // Tests, journeys and the benchmark only read text that they have written.
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
    'The running time of these regular expressions can grow faster than their text. Let each character match only one quantifier, anchor the pattern, or use string methods.',
  )
  process.exit(1)
}
console.log(`Checked ${count} regular expressions. No problems found.`)
