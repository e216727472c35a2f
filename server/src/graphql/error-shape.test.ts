import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { buildSchema, getVariableValues, isScalarType, parse, validate } from 'graphql'
import { withoutValues } from './error-shape.js'

const schema = buildSchema(`
  enum Kind { ONE TWO }
  scalar Day
  input Secret { password: String! count: Int kind: Kind deep: Secret many: [Int!] day: Day }
  type Query { f(input: Secret!, text: String, id: ID, float: Float, yes: Boolean): String }
`)

const operation = parse('query ($input: Secret!) { f(input: $input) }')
const [definition] = operation.definitions
if (definition?.kind !== 'OperationDefinition') throw new Error('There is no operation.')

const { Day } = schema.getTypeMap()
if (!isScalarType(Day)) throw new Error('There is no scalar.')
Day.parseValue = value => {
  throw new Error(`No day: ${value}`)
}

/** What is said of a variable, with what is said of its value alone. */
const faultsOfVariable = (input: unknown): (readonly [string, string | undefined])[] => {
  const read = getVariableValues(schema, definition.variableDefinitions ?? [], { input })
  return (read.errors ?? []).map(error => [error.message, error.originalError?.message])
}

const messagesForText = (text: string): string[] => {
  try {
    return validate(schema, parse(text)).map(error => error.message)
  } catch (failure) {
    return [(failure as Error).message]
  }
}

describe('messages of graphql-js without the values they quote', () => {
  it('name no type that was sent in the shape of one', () => {
    const kind = 'x" does not exist in "Sixty-Lanterns" enum'
    const [fault] = faultsOfVariable({ password: 'x', kind: kind.replace('-', '') })
    expect(withoutValues(...(fault ?? ['', '']))).toBe(
      'Variable "$input" at "input.kind" does not fit its type Kind.',
    )
  })

  it('still say what to mend', () => {
    const messages = [
      ...faultsOfVariable({ password: 5 }),
      ...faultsOfVariable({ password: 'x', count: 1.5, kind: 'THREE', deep: 7, many: [1, null] }),
      ...faultsOfVariable({ password: null, kind: 3, day: 'today' }),
      ...faultsOfVariable({ password: 'x', other: 1 }),
      ...faultsOfVariable({}),
      ...messagesForText('{ f(input: {password: 12}) }'),
      ...messagesForText('{ f(input: {password: "x'),
      ...messagesForText('{ nothing }'),
    ].map(told => (typeof told === 'string' ? withoutValues(told) : withoutValues(...told)))
    expect(messages).toEqual([
      'Variable "$input" at "input.password" does not fit its type String.',
      'Variable "$input" at "input.count" does not fit its type Int.',
      'Variable "$input" at "input.kind" does not fit its type Kind.',
      'Variable "$input" at "input.deep" does not fit its type Secret.',
      'Variable "$input" at "input.many[1]" does not fit its type Int!.',
      'Variable "$input" at "input.password" does not fit its type String!.',
      'Variable "$input" at "input.kind" does not fit its type Kind.',
      'Variable "$input" at "input.day" does not fit its type Day.',
      'Variable "$input": field "other" is not defined by type "Secret".',
      'Variable "$input": field "password" of required type "String!" was not provided.',
      'String cannot represent a non string value.',
      'Syntax Error: Unterminated string.',
      'Cannot query field "nothing" on type "Query".',
    ])
  })

  const secret = 'Zx9-secret'
  const quotes = [
    '',
    '"',
    "'",
    ' at "input"; ',
    '; Expected',
    'Expected type "',
    '" does not exist in "',
    '" enum',
    ' cannot ',
    '\n',
    ': ',
    '", found ',
  ]
  const anySecret = fc
    .tuple(fc.constantFrom(...quotes), fc.constantFrom(...quotes))
    .map(([before, after]) => before + secret + after)

  it('leave out a text that is no date', () => {
    const message = 'DateTime cannot represent an invalid date-time-string Sup3r-S3cret.'
    expect(withoutValues(message)).toBe('DateTime cannot represent an invalid date-time-string.')
  })

  it('never hold a value of a variable', () => {
    const value = fc.oneof(
      anySecret,
      fc.array(anySecret, { minLength: 1, maxLength: 2 }),
      fc.record({ password: fc.array(anySecret, { minLength: 1 }) }),
      fc.record({ password: anySecret, kind: anySecret, count: anySecret }),
      fc.record({ count: fc.record({ deep: anySecret }) }),
      fc.record({ password: anySecret, day: anySecret }),
    )
    fc.assert(
      fc.property(value, input => {
        const faults = faultsOfVariable(input)
        expect(faults.length).toBeGreaterThan(0)
        for (const fault of faults) expect(withoutValues(...fault)).not.toContain(secret)
      }),
      { numRuns: 500 },
    )
  })

  it('never hold a value of the query’s text', () => {
    const literal = anySecret.map(text => JSON.stringify(text))
    const text = fc.oneof(
      literal.map(value => `{ f(input: ${value}) }`),
      literal.map(value => `{ f(input: {password: [${value}], kind: ${value}, count: ${value}}) }`),
      literal.map(value => `{ f(input: {password: "x"}, float: ${value}, yes: ${value}) }`),
      literal.map(value => `{ f(input: ${value} `),
      literal.map(value => `{ ${value} }`),
      literal.map(value => `{ f(input: {password: ${value.slice(0, -1)}`),
      literal.map(value => `{ f(input: {password: "\\q ${value.slice(1)}) }`),
    )
    fc.assert(
      fc.property(text, query => {
        const messages = messagesForText(query)
        expect(messages.length).toBeGreaterThan(0)
        for (const message of messages) expect(withoutValues(message)).not.toContain(secret)
      }),
      { numRuns: 500 },
    )
  })
})
