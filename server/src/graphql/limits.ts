import type { ApolloServerPlugin } from '@apollo/server'
import { Lexer, Source, TokenKind } from 'graphql'
import { ApiError, badInput } from './api-error.js'
import type { Context } from './context.js'
import { checkInputs, type TooLong } from './max-length.js'
import { measure } from './request-size.js'

/** The limits of one request. */
export const limits = {
  /** Bytes of the whole body. */
  BYTES: 100 * 1024,
  /**
   * Arrays and objects within each other in JSON. Thousands would take long to parse, copy or
   * print.
   */
  NESTING: 100,
  /** Tokens of the document: names, braces, numbers and so on. */
  TOKENS: 2_000,
  /** Lines of the document. Each error counts the lines up to its place. */
  LINES: 2_000,
  /**
   * The sum, over all names, of the squared number of occurrences in the document. Validation
   * compares fields of the same name with each other before anything is measured.
   */
  REPETITIONS: 12_000,
  /**
   * Characters of all strings in the document, times the occurrences of its most frequent name.
   * Validation prints the arguments of fields with the same name, to compare each with all others.
   */
  COMPARED_TEXT: 500_000,
  /** Characters of a name. An answer repeats aliases, and errors quote names. */
  NAME: 100,
  /**
   * Combining marks in a row, in any text of the request. Normalizing them takes time proportional
   * to their number squared, and blocks all other requests.
   */
  MARKS: 100,
  /** Fields in variables that their types do not have. The error for each prints all others. */
  UNKNOWN_FIELDS: 5,
  /** Fields within fields. The introspection query of common tools reaches this depth. */
  DEPTH: 15,
  /** Aliases of fields. */
  ALIASES: 30,
  /** Directives such as @include. */
  DIRECTIVES: 50,
  /**
   * Fields of Query or Mutation. Otherwise a hundred aliased fields would count as one request in
   * rate limits.
   */
  ROOT_FIELDS: 10,
  /**
   * 1 for each field, more for a long name, 10 more for JSON such as metadata, 2,000 more for a
   * search. Fields within a page count once for each item of the page.
   */
  COST: 10_000,
  /**
   * 1 for each field of introspection. Fields within a list count as many times as the list is long
   * on average. The introspection query of common tools needs half of this.
   */
  INTROSPECTION: 250_000,
} as const

/** The name of a limit. */
export type Limit = keyof typeof limits

/** An exceeded limit, and the value of the request. */
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
 * A request that exceeds limits. Its message and `extensions.exceeded` say which ones and by how
 * much. They contain numbers only, nothing that was sent.
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

/** Compares measured values with the limits; null if none is exceeded. */
export const exceededBy = (found: Partial<Record<Limit, number>>): LimitExceeded | null => {
  const exceeded = Object.entries(found).flatMap(([name, count]) => {
    const limit = name as Limit
    return count > limits[limit] ? [{ limit, allowed: limits[limit], found: count }] : []
  })
  return exceeded.length === 0 ? null : new LimitExceeded(exceeded)
}

/**
 * A text exceeds the maximum length of its field or argument. The message and `path` name the place
 * and quote nothing.
 */
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

/**
 * How deeply arrays and objects are nested in a JSON text, before it is parsed. Brackets within
 * strings do not count.
 */
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

/** The longest run of combining marks. Reads each run once. */
const marksIn = (text: string): number => {
  let max = 0
  for (const [run] of text.matchAll(/\p{M}+/gu)) max = Math.max(max, [...run].length)
  return max
}

/** The longest run of combining marks in all texts of the variables, as they were sent. */
const marksInVariables = (variables: unknown): number => {
  let max = 0
  // Not recursive: JSON can be nested deeper than the stack.
  const left = [variables]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string') max = Math.max(max, marksIn(value))
    else if (typeof value === 'object' && value !== null) {
      for (const part of Object.values(value)) left.push(part)
    }
  }
  return max
}

/**
 * Measures the text of a document before it is parsed and validated. If the text has a syntax
 * error, measures it up to there.
 */
export const measureText = (
  text: string,
): Record<'TOKENS' | 'LINES' | 'REPETITIONS' | 'COMPARED_TEXT' | 'NAME' | 'MARKS', number> => {
  const lexer = new Lexer(new Source(text))
  const names = new Map<string, number>()
  let tokens = 0
  let repetitions = 0
  let maxOccurrences = 0
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
      maxOccurrences = Math.max(maxOccurrences, before + 1)
      // The difference between this square and the one before.
      repetitions += 2 * before + 1
    }
  } catch {
    // The rest of the text is not a valid document.
  }
  return {
    TOKENS: tokens,
    LINES: text.split(/\r\n|[\n\r]/).length,
    REPETITIONS: repetitions,
    COMPARED_TEXT: characters * maxOccurrences,
    NAME: longest,
    MARKS: marks,
  }
}

/**
 * The header with which a client asks for the cost of its request, as in Shopify's API. Its value
 * is 1.
 */
export const costHeader = 'rekey-graphql-cost'

/**
 * Rejects requests that exceed a limit, before any field is resolved. At this point the document is
 * valid. The parser limits its tokens, and so also the work of measuring. If the client asks for
 * the cost, the answer has it as `extensions.cost`, also if it exceeds the limit.
 */
export const requestLimits: ApolloServerPlugin<Context> = {
  requestDidStart: async () => {
    let cost: number | undefined
    return {
      didResolveOperation: async ({ schema, document, operation, request }) => {
        // If there is no operation of that name, nothing is executed.
        if (operation === undefined) return
        // Validation accepts an operation whose root type is missing, but execution fails.
        if (!schema.getRootType(operation.operation)) {
          throw badInput(`This API has no ${operation.operation}s.`)
        }
        const variables = request.variables ?? {}
        const { tooLong, unknownFields } = checkInputs(schema, document, operation, variables)
        if (tooLong !== null) throw new TextTooLong(tooLong)
        const measured = measure(schema, document, operation, variables)
        cost = measured.COST
        const refused = exceededBy({
          MARKS: marksInVariables(variables),
          UNKNOWN_FIELDS: unknownFields,
          ...measured,
        })
        if (refused !== null) throw refused
      },
      willSendResponse: async ({ request, response: { body } }) => {
        if (cost === undefined || request.http?.headers.get(costHeader) !== '1') return
        if (body.kind !== 'single') return
        const { extensions } = body.singleResult
        body.singleResult.extensions = {
          ...extensions,
          cost: { found: cost, allowed: limits.COST },
        }
      },
    }
  },
}
