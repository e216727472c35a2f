import type { ApolloServerPlugin } from '@apollo/server'
import { Lexer, Source, TokenKind } from 'graphql'
import { ApiError, badInput } from './api-error.js'
import type { Context } from './context.js'
import { checkInputs, type TooLong } from './max-length.js'
import { measure } from './request-size.js'

/** How much one request may ask for. */
export const limits = {
  /** Of the whole body. */
  BYTES: 100 * 1024,
  /** Arrays and objects within each other in JSON: to read, copy or print them takes long if there are thousands. */
  NESTING: 100,
  /** Names, braces, numbers and the like of the document. */
  TOKENS: 2_000,
  /** Of the document: each fault counts them up to its place. */
  LINES: 2_000,
  /**
   * Of each name the times it stands in the document, squared, all together: validation
   * compares fields of one name with each other, before anything of them is measured.
   */
  REPETITIONS: 12_000,
  /**
   * Characters of all strings in the document, times how often its most frequent name stands there:
   * validation prints the arguments of fields with one name, to compare each with all others.
   */
  COMPARED_TEXT: 500_000,
  /** Characters of a name: an answer repeats those that fields are given, and faults quote them. */
  NAME: 100,
  /**
   * Combining marks in a row, in what is sent as text: to normalise it takes their number squared,
   * and all other requests wait meanwhile.
   */
  MARKS: 100,
  /** Fields in variables that their types do not have: the fault of each prints all others. */
  UNKNOWN_FIELDS: 5,
  /** Fields within fields: the introspection query that tools send has as many. */
  DEPTH: 15,
  /** Other names for fields. */
  ALIASES: 30,
  /** Such as @include. */
  DIRECTIVES: 50,
  /** Fields of Query or Mutation. A hundred aliases of one would be one request to whatever counts requests. */
  ROOT_FIELDS: 10,
  /** 1 for each field, more by a long name, 2,000 more for a search; what stands within a page as many times as the page has items. */
  COST: 10_000,
  /**
   * 1 for each field of what is asked about the schema; what stands within a list as many
   * times as that is long on average. The introspection query of tools has half of it.
   */
  INTROSPECTION: 150_000,
} as const

/** What a request has a limit of. */
export type Limit = keyof typeof limits

/** A limit, and how much of it a request has. */
export interface Exceeded {
  readonly limit: Limit
  readonly allowed: number
  readonly found: number
}

const nameOf: Record<Limit, string> = {
  BYTES: 'byte',
  NESTING: 'nesting',
  TOKENS: 'token',
  LINES: 'line',
  REPETITIONS: 'repetition',
  COMPARED_TEXT: 'compared text',
  NAME: 'name',
  MARKS: 'mark',
  UNKNOWN_FIELDS: 'unknown field',
  DEPTH: 'depth',
  ALIASES: 'alias',
  DIRECTIVES: 'directive',
  ROOT_FIELDS: 'root field',
  COST: 'cost',
  INTROSPECTION: 'introspection',
}

/**
 * A request that asks for too much: which limits it exceeds, and by how much, in its
 * message and as `extensions.exceeded`. Numbers and nothing that was sent.
 */
export class LimitExceeded extends ApiError {
  constructor(readonly exceeded: readonly Exceeded[]) {
    const sentences = exceeded.map(
      ({ limit, allowed, found }) =>
        `The ${nameOf[limit]} limit of ${allowed} is exceeded: this request has ${found}.`,
    )
    super(sentences.join(' '), 'BAD_USER_INPUT', { exceeded, http: { status: 400 } })
  }
}

/** Compares what was found with the limits; null when there is nothing to refuse. */
export const exceededBy = (found: Partial<Record<Limit, number>>): LimitExceeded | null => {
  const exceeded = Object.entries(found).flatMap(([name, count]) => {
    const limit = name as Limit
    return count > limits[limit] ? [{ limit, allowed: limits[limit], found: count }] : []
  })
  return exceeded.length === 0 ? null : new LimitExceeded(exceeded)
}

/** A text is longer than its field or argument allows. The message and `path` name the place, and quote nothing. */
export class TextTooLong extends ApiError {
  constructor(readonly tooLong: TooLong) {
    const { path, allowed, found } = tooLong
    super(
      `${path.join('.')} accepts at most ${allowed} characters: this request has ${found}.`,
      'BAD_USER_INPUT',
      { tooLong, http: { status: 400 } },
    )
  }
}

/** How deep arrays and objects are nested in a JSON text, before it is parsed; texts in it do not count. */
export const nestingOf = (json: string): number => {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index]
    if (quoted && character === '\\') index += 1
    else if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth)
    else if (character === ']' || character === '}') depth -= 1
  }
  return deepest
}

/** The most combining marks in a row. Each run is read once. */
const marksIn = (text: string): number => {
  let most = 0
  for (const [run] of text.matchAll(/\p{M}+/gu)) most = Math.max(most, [...run].length)
  return most
}

/** The same of all texts in variables, as they were sent. */
const marksInVariables = (variables: unknown): number => {
  let most = 0
  // Not by calling itself: JSON can be nested deeper than the stack.
  const left = [variables]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string') most = Math.max(most, marksIn(value))
    else if (typeof value === 'object' && value !== null) {
      for (const part of Object.values(value)) left.push(part)
    }
  }
  return most
}

/**
 * Measures the text of a document, before it is parsed and validated; where it is none, up
 * to the fault.
 */
export const measureText = (
  text: string,
): Record<'TOKENS' | 'LINES' | 'REPETITIONS' | 'COMPARED_TEXT' | 'NAME' | 'MARKS', number> => {
  const lexer = new Lexer(new Source(text))
  const names = new Map<string, number>()
  let tokens = 0
  let repetitions = 0
  let mostFrequent = 0
  let characters = 0
  let longest = 0
  let marks = 0
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      tokens += 1
      if (token.kind === TokenKind.STRING || token.kind === TokenKind.BLOCK_STRING) {
        marks = Math.max(marks, marksIn(token.value))
        characters += token.end - token.start
      }
      if (token.kind !== TokenKind.NAME) continue
      longest = Math.max(longest, token.value.length)
      const before = names.get(token.value) ?? 0
      names.set(token.value, before + 1)
      mostFrequent = Math.max(mostFrequent, before + 1)
      // By so much the next square is larger.
      repetitions += 2 * before + 1
    }
  } catch {
    // What is left can't be read.
  }
  return {
    TOKENS: tokens,
    LINES: text.split(/\r\n|[\n\r]/).length,
    REPETITIONS: repetitions,
    COMPARED_TEXT: characters * mostFrequent,
    NAME: longest,
    MARKS: marks,
  }
}

/**
 * Refuses what asks for too much, before anything of it is resolved. The document is
 * valid by then, and its tokens, which the parser bounds, bound the work of measuring.
 */
export const requestLimits: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operation, request }) => {
      // Without an operation of that name, nothing is executed.
      if (operation === undefined) return
      // Validation accepts an operation whose root type is missing, and execution fails at it.
      if (!schema.getRootType(operation.operation)) {
        throw badInput(`This API has no ${operation.operation}s.`)
      }
      const variables = request.variables ?? {}
      const { tooLong, unknownFields } = checkInputs(schema, document, operation, variables)
      if (tooLong !== null) throw new TextTooLong(tooLong)
      const refused = exceededBy({
        MARKS: marksInVariables(variables),
        UNKNOWN_FIELDS: unknownFields,
        ...measure(schema, document, operation, variables),
      })
      if (refused !== null) throw refused
    },
  }),
}
