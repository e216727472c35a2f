import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApolloProvider } from '@apollo/client/react'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { permissions } from '@rekey/shared/access'
import { act, cleanup, render, screen } from '@testing-library/react'
import fc from 'fast-check'
import {
  buildSchema,
  execute,
  type GraphQLFieldResolver,
  GraphQLID,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql'
import { createMemoryRouter, type RouteObject, RouterProvider } from 'react-router'
import { createEntryClient } from './entry-client'
import { routes } from './routes'

const schema = buildSchema(
  readFileSync(join(__dirname, '..', '..', '..', 'server', 'schema.graphql'), 'utf8'),
)

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  // Each of these values makes a formatter or parser of the browser throw, or is easily
  // mistaken for another kind of value.
  fc.constantFrom(
    '',
    'en-US-u-mu-celsius',
    'de-x-foo',
    'English',
    'x',
    '\ud800',
    '__proto__',
    'constructor',
    'http://[',
    '{',
    '%E0%A4%A',
    '+48 601 234 567',
    '4,86E+10',
    'Mozilla/5.0 (',
    'x'.repeat(2_000),
  ),
)

const times = fc.oneof(
  fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
  fc
    .integer({ min: -40_000, max: 40_000 })
    .map(minutes => new Date(Date.now() + minutes * 60_000).toISOString()),
  fc.constantFrom('', 'never', '2026-02-30T25:61:61Z', '+275760-09-14T00:00:00.000Z'),
)

const scalars: Record<string, fc.Arbitrary<unknown>> = {
  Boolean: fc.boolean(),
  DateTimeISO: times,
  Float: fc.double({ noNaN: true, noDefaultInfinity: true }),
  Int: fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31))),
  JSON: fc.jsonValue(),
  String: texts,
}

/** The values that every page requires. */
const fixed: Record<string, unknown> = {
  'User.permissions': permissions,
  'User.mustChangePassword': false,
  'User.mustEnrolSecondFactor': false,
  'Query.user': {},
  'Query.webhook': {},
}

/** A place in an answer as text, such as `users-nodes-1-id`. */
const pathOf = ({ prev, key }: Path): string => (prev === undefined ? '' : `${pathOf(prev)}-`) + key
type Path = { readonly prev: Path | undefined; readonly key: string | number }

/** An API that returns any value that the schema allows for each field. */
const arbitraryApi = (gen: fc.GeneratorValue, signedIn: boolean) => {
  const answerOf = (type: GraphQLOutputType): unknown => {
    if (isNonNullType(type)) return requiredAnswerOf(type.ofType)
    return gen(() => fc.nat(4)) === 0 ? null : requiredAnswerOf(type)
  }
  const requiredAnswerOf = (type: GraphQLOutputType): unknown => {
    if (isListType(type)) {
      return Array.from({ length: gen(() => fc.nat(2)) }, () => answerOf(type.ofType))
    }
    if (isObjectType(type)) return {}
    if (isAbstractType(type)) {
      const names = schema.getPossibleTypes(type).map(({ name }) => name)
      return { __typename: gen(() => fc.constantFrom(...names)) }
    }
    if (isEnumType(type)) {
      return gen(() => fc.constantFrom(...type.getValues().map(({ value }) => value)))
    }
    const name = String(type)
    const scalar = scalars[name]
    if (scalar === undefined) throw new Error(`There are no values for the scalar ${name}.`)
    return gen(() => scalar)
  }
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (_, __, ___, info) => {
    const field = `${info.parentType.name}.${info.fieldName}`
    if (field === 'Query.viewer') return signedIn ? {} : null
    if (field in fixed) return fixed[field]
    // Ids are opaque. The same place always has the same id, as in the cache of a browser.
    if (getNamedType(info.returnType) === GraphQLID) return pathOf(info.path)
    return answerOf(info.returnType)
  }
  return async (query: string, variableValues: Record<string, unknown>) =>
    execute({ schema, document: parse(query), variableValues, fieldResolver })
}

const pathsOf = (tree: readonly RouteObject[]): string[] =>
  tree.flatMap(({ path, children }) => [
    ...(path === undefined || path === '*' ? [] : [path]),
    ...pathsOf((children ?? []).map(child => ({ ...child, path: joined(path, child.path) }))),
  ]) as string[]
const joined = (parent = '', child?: string) =>
  child === undefined || child.startsWith('/') ? (child ?? parent) : `${parent}/${child}`

// Pages for users who are not signed in. Not all of them send requests to the API.
const anonymous = ['/sign-in', '/setup', '/activate', '/forgot-password', '/reset-password']
const paths = [...new Set(pathsOf(routes))]
  .filter(path => path !== '')
  // These addresses redirect to another page, or only open a dialog.
  .filter(path => !/^\/$|change-password$|^\/explorer$|\*/.test(path))
  .map(path => path.replace(':id', 'some-id'))

// The router creates a Request for each navigation; jsdom has none.
globalThis.Request = class {
  readonly method = 'GET'
  readonly signal: AbortSignal | undefined
  constructor(
    readonly url: string,
    { signal }: { signal?: AbortSignal } = {},
  ) {
    this.signal = signal
  }
} as unknown as typeof Request

const savedFetch = globalThis.fetch
beforeEach(() => {
  // React reports keys that are not unique. Real values are unique.
  jest.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  globalThis.fetch = savedFetch
  jest.restoreAllMocks()
})

/** Shows a page of the whole app, and waits until it has loaded. */
const show = async (path: string, gen: fc.GeneratorValue): Promise<{ answered: number }> => {
  const answer = arbitraryApi(gen, !anonymous.includes(path))
  let answered = 0
  let waiting = 0
  globalThis.fetch = (async (_: unknown, { body }: { body: string }) => {
    waiting += 1
    const { query, variables } = JSON.parse(body)
    const result = JSON.stringify(await answer(query, variables))
    waiting -= 1
    answered += 1
    return {
      ok: true,
      status: 200,
      headers: { get: () => 'application/graphql-response+json' },
      text: async () => result,
    }
  }) as unknown as typeof fetch
  const router = createMemoryRouter(routes, { initialEntries: [path] })
  render(
    <MantineProvider env="test">
      <ApolloProvider client={createEntryClient()}>
        <RouterProvider router={router} />
      </ApolloProvider>
    </MantineProvider>,
  )
  for (let quiet = 0, turns = 0; quiet < 5; turns += 1) {
    if (turns === 500) throw new Error('The page does not come to rest.')
    await act(() => new Promise(resolve => setTimeout(resolve, 1)))
    const isQuiet =
      waiting === 0 && router.state.initialized && router.state.navigation.state === 'idle'
    quiet = isQuiet ? quiet + 1 : 0
  }
  return { answered }
}

describe('a page is shown whatever the values of the API', () => {
  it.each(paths)('%s', async path => {
    let answers = 0
    await fc.assert(
      fc.asyncProperty(fc.gen(), async gen => {
        try {
          answers += (await show(path, gen)).answered
          expect(screen.queryByText('This page could not be shown')).toBeNull()
          expect(document.body.textContent).not.toBe('')
        } finally {
          cleanup()
        }
      }),
      { numRuns: 6, endOnFailure: true },
    )
    expect(answers > 0 || anonymous.includes(path)).toBe(true)
  })
})
