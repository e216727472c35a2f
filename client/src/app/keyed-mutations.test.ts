import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client'
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'
import { describe, expect, it } from '@jest/globals'
import { renderHook } from '@testing-library/react'
import { parse } from 'graphql'
import { useLocale } from '../messages/use-locale'
import {
  createReauthentication,
  createReauthenticationLink,
} from '../reauthentication/reauthentication'
import { describeFailure } from '../ui/describe-failure'
import { OutcomeUnknown } from '../ui/outcome-unknown'
import { createKeyedMutations } from './keyed-mutations'
import { createLostAnswerLink } from './lost-answer-link'

const { t } = renderHook(useLocale).result.current

const Delete = parse('mutation Delete { delete }')
const Read = parse('query Read { read }')
const cut = () => new TypeError('Failed to fetch')
const done = { data: { delete: true } }
const errorOf = (code: string, retryAfterSeconds?: number) => ({
  errors: [{ message: code, extensions: { code, retryAfterSeconds } }],
})
/** The parts of a Response that the client reads; jsdom has none. */
const responseOf = (status: number, headers: Record<string, string> = {}) =>
  ({ status, headers: new Map(Object.entries(headers)) }) as unknown as Response
const fromProxy = (status: number, headers?: Record<string, string>) =>
  new ServerError('A page of a proxy', { response: responseOf(status, headers), bodyText: '' })

/** An answer whose headers arrive and whose body breaks off. */
const brokenOff = { isBrokenOff: true }

type Given = Error | typeof brokenOff | { status?: number; data?: object; errors?: object[] }

/** A client of an API that gives these answers in order, and then repeats the last one. */
const start = (
  answers: Given[],
  link: ApolloLink = createKeyedMutations({ times: 3, firstWaitMs: 1, forMs: 5_000 }),
) => {
  const keys: unknown[] = []
  const transport = new ApolloLink(
    operation =>
      new Observable(observer => {
        const answer = answers[Math.min(keys.length, answers.length - 1)] ?? cut()
        keys.push(operation.getContext().headers?.['idempotency-key'])
        if (answer instanceof Error) return observer.error(answer)
        const status = 'isBrokenOff' in answer ? 200 : (answer.status ?? 200)
        operation.setContext({ response: responseOf(status) })
        if ('isBrokenOff' in answer) return observer.error(cut())
        observer.next(answer as ApolloLink.Result)
        observer.complete()
      }),
  )
  const client = new ApolloClient({
    link: ApolloLink.from([link, transport]),
    cache: new InMemoryCache(),
  })
  return {
    keys,
    send: () => client.mutate({ mutation: Delete }).then(({ data }) => data),
    fail: () => client.mutate({ mutation: Delete }).catch((failure: unknown) => failure),
    read: () => client.query({ query: Read }),
  }
}

describe('a mutation of a signed-in user', () => {
  it('carries a new key each time the user sends it', async () => {
    const { send, keys } = start([done])
    await send()
    await send()
    expect(keys).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ])
    expect(keys[0]).not.toBe(keys[1])
  })

  it.each([
    ['without an answer', cut()],
    ['with a proxy’s 502', fromProxy(502)],
    ['with a proxy’s 503', fromProxy(503)],
    ['with a proxy’s 504', fromProxy(504)],
    ['with an unknown outcome', errorOf('OUTCOME_UNKNOWN')],
    [
      'while the first attempt is at work',
      { ...errorOf('IDEMPOTENCY_KEY_IN_USE', 0.01), status: 409 },
    ],
    ['while the server is busy', { ...errorOf('RATE_LIMITED', 0.01), status: 503 }],
  ])('is sent again with the same key %s', async (_when, answer) => {
    const { send, keys } = start([answer, answer, done])
    expect(await send()).toEqual({ delete: true })
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
  })

  it('ends with an unknown outcome if no attempt is answered', async () => {
    const { fail, keys } = start([cut()])
    const failure = await fail()
    expect(failure).toBeInstanceOf(OutcomeUnknown)
    expect(describeFailure(t, failure)).toContain('this may or may not be done')
    expect(keys).toHaveLength(4)
  })

  it('is not sent again after the headers of an answer, because the key does not belong to their cookie', async () => {
    const { fail, keys } = start([brokenOff, done])
    expect(await fail()).toBeInstanceOf(OutcomeUnknown)
    expect(keys).toHaveLength(1)
  })

  it('ends with an unknown outcome if a later attempt is rejected by the rate limit', async () => {
    for (const answer of [
      { ...errorOf('RATE_LIMITED', 60), status: 429 },
      fromProxy(429, { 'retry-after': '60' }),
    ]) {
      expect(await start([cut(), answer]).fail()).toBeInstanceOf(OutcomeUnknown)
    }
  })

  it('is not sent again if the server rejects it or requires a long wait', async () => {
    for (const [answer, code] of [
      [errorOf('FORBIDDEN'), 'FORBIDDEN'],
      [errorOf('INTERNAL_SERVER_ERROR'), 'INTERNAL_SERVER_ERROR'],
      [{ ...errorOf('RATE_LIMITED', 3600), status: 429 }, 'RATE_LIMITED'],
      [{ ...errorOf('RATE_LIMITED', 3600), status: 503 }, 'RATE_LIMITED'],
    ] as const) {
      const { fail, keys } = start([answer])
      const failure = await fail()
      expect(failure).toBeInstanceOf(CombinedGraphQLErrors)
      expect((failure as CombinedGraphQLErrors).errors[0]?.extensions?.code).toBe(code)
      expect(keys).toHaveLength(1)
    }
  })

  it('ends with the rejection of a later attempt', async () => {
    const failure = await start([cut(), errorOf('FORBIDDEN')]).fail()
    expect(failure).toBeInstanceOf(CombinedGraphQLErrors)
  })

  it('is sent without a key if the browser no longer has a cookie', async () => {
    const { fail, keys } = start([
      { ...errorOf('IDEMPOTENCY_KEY_INVALID'), status: 400 },
      errorOf('UNAUTHENTICATED'),
    ])
    expect(describeFailure(t, await fail())).toBe('Sign in first.')
    expect(keys).toEqual([expect.any(String), undefined])
  })

  it('is sent without a key if too many keys are stored, unless it may have been done', async () => {
    const exhausted = { ...errorOf('IDEMPOTENCY_KEYS_EXHAUSTED'), status: 429 }
    const first = start([exhausted, errorOf('UNAUTHENTICATED')])
    expect(describeFailure(t, await first.fail())).toBe('Sign in first.')
    expect(first.keys).toEqual([expect.any(String), undefined])
    const second = start([cut(), exhausted])
    await second.fail()
    expect(second.keys).toEqual([expect.any(String), expect.any(String)])
  })

  it('gets another key after the user has confirmed their identity', async () => {
    const reauthentication = createReauthentication()
    const { send, keys } = start(
      [errorOf('REAUTHENTICATION_REQUIRED'), cut(), done],
      ApolloLink.from([
        createReauthenticationLink(reauthentication),
        createKeyedMutations({ times: 3, firstWaitMs: 1, forMs: 5_000 }),
      ]),
    )
    const sent = send()
    while (!reauthentication.isAsking()) await new Promise(resolve => setTimeout(resolve, 1))
    reauthentication.answer(true)
    expect(await sent).toEqual({ delete: true })
    expect(keys[1]).toBe(keys[2])
    expect(keys[0]).not.toBe(keys[1])
  })

  it('reports that it was done if its answer is not available', async () => {
    const failure = await start([{ ...errorOf('IDEMPOTENCY_ANSWER_NOT_KEPT'), status: 422 }]).fail()
    expect(describeFailure(t, failure)).toContain('Rekey did this')
  })
})

describe('a query', () => {
  it('carries no key and is not sent again', async () => {
    const { read, keys } = start([cut()])
    await expect(read()).rejects.toThrow('Failed to fetch')
    expect(keys).toEqual([undefined])
  })
})

describe('a mutation of a user who is not signed in', () => {
  it('is sent once, and has an unknown outcome without an answer', async () => {
    for (const answer of [cut(), fromProxy(504), errorOf('OUTCOME_UNKNOWN')]) {
      const { fail, keys } = start([answer], createLostAnswerLink())
      expect(await fail()).toBeInstanceOf(OutcomeUnknown)
      expect(keys).toEqual([undefined])
    }
  })

  it('fails with the error of the server if the server rejects it', async () => {
    const { fail } = start([{ ...errorOf('RATE_LIMITED', 5), status: 429 }], createLostAnswerLink())
    expect(await fail()).toBeInstanceOf(CombinedGraphQLErrors)
  })
})
