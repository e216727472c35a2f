import { readFile } from 'node:fs/promises'
import { Kind, parse, type Token, TokenKind } from 'graphql'

/** One of the example operations. */
export interface ExampleOperation {
  /** The name in the document. */
  readonly name: string
  /** The title of its group, which is a chapter of docs/api.md. */
  readonly group: string
  /** What the operation does and shows. */
  readonly description: string
  /** The text of the operation, with its description as a comment above it. */
  readonly document: string
  /** Example variables as JSON; null if there are none. */
  readonly variables: string | null
}

/** The first token of the comment that ends in the line above. */
const commentAbove = (start: Token): Token => {
  let first = start
  while (first.prev?.kind === TokenKind.COMMENT && first.prev.line === first.line - 1) {
    first = first.prev
  }
  return first
}

/** The groups of a collection, each with its position in the text. */
const groupsIn = (text: string) =>
  [...text.matchAll(/^# ## (.+)$/gm)].map(({ index, 1: title = '' }) => ({ index, title }))

/**
 * Parses a collection of operations. Each has a comment above it: a description and, after a line
 * `Variables:`, example variables. A line `# ## Title` begins a group.
 *
 * @throws if an operation has no name, no comment, no group, or variables that are not JSON.
 */
export const readCollection = (text: string): ExampleOperation[] => {
  const groups = groupsIn(text)
  return parse(text).definitions.map(definition => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.name === undefined) {
      throw new Error('The collection must contain only operations with names.')
    }
    const name = definition.name.value
    const { startToken, end } = definition.loc ?? {}
    if (startToken === undefined) throw new Error(`${name} has no position in the text.`)
    const first = commentAbove(startToken)
    const lines = text.slice(first.start, startToken.start).trimEnd().split('\n')
    const comment = lines.map(line => line.replace(/^# ?/, ''))
    const found = comment.indexOf('Variables:')
    const mark = found === -1 ? lines.length : found
    const description = comment.slice(0, mark).join(' ').trim()
    if (description === '') throw new Error(`${name} has no comment above it.`)
    const variables = found === -1 ? null : comment.slice(mark + 1).join('\n')
    if (variables !== null) JSON.parse(variables)
    const group = groups.findLast(({ index }) => index < first.start)?.title
    if (group === undefined) throw new Error(`${name} is in no group.`)
    return {
      name,
      group,
      description,
      document: `${lines.slice(0, mark).join('\n')}\n${text.slice(startToken.start, end)}`,
      variables,
    }
  })
}

/**
 * The first group of a collection, for Apollo Sandbox. Sandbox sends its whole document with each
 * operation, and all groups together exceed the limits of a request.
 */
export const firstGroupOf = (text: string): string => text.slice(0, groupsIn(text)[1]?.index)

/** The text of the collection; null if the file is missing. */
export const collectionText = (file: string): Promise<string | null> =>
  readFile(file, 'utf8').catch(() => null)
