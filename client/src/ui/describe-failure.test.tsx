import { createServer, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloClient, InMemoryCache } from '@apollo/client'
import { BaseHttpLink } from '@apollo/client/link/http'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { cleanup, render, renderHook, screen } from '@testing-library/react'
import { parse } from 'graphql'
import { useLocale } from '../messages/use-locale'
import { fetchOrNotice } from './connection'
import { describeFailure } from './describe-failure'
import { LoadFailure } from './LoadFailure'

const { t } = renderHook(useLocale).result.current
const requestId = '0198f3a1-7c1e-7abc-8def-0123456789ab'

/** The parts of `fetch` that the client uses, through real HTTP; jsdom has none. */
const httpFetch = (input: unknown, init: RequestInit = {}): Promise<Response> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', body } = init
    const sent = request(String(input), { method, headers: init.headers as never }, answer => {
      let text = ''
      answer.on('data', chunk => {
        text += String(chunk)
      })
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          headers: { get: (name: string) => answer.headers[name.toLowerCase()] ?? null },
          text: async () => text,
        } as unknown as Response),
      )
    })
    sent.on('error', () => reject(new TypeError('Failed to fetch')))
    sent.end(body as string | undefined)
  })

let server: Server
let answer: RequestListener
let url: string
const savedFetch = globalThis.fetch

beforeEach(async () => {
  globalThis.fetch = httpFetch as typeof fetch
  server = createServer((incoming, outgoing) => answer(incoming, outgoing))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
})
afterEach(async () => {
  cleanup()
  if (server.listening) await new Promise(resolve => server.close(resolve))
  globalThis.fetch = savedFetch
})

/** The failure of a query whose answer is this. */
const failureOf = (status: number, headers: Record<string, string>, body: string) => {
  answer = (_, outgoing) => outgoing.writeHead(status, headers).end(body)
  return failure()
}
const failure = async (): Promise<unknown> => {
  const client = new ApolloClient({
    link: new BaseHttpLink({ uri: url, fetch: fetchOrNotice }),
    cache: new InMemoryCache(),
  })
  return client.query({ query: parse('{ viewer }') }).then(
    () => undefined,
    (problem: unknown) => problem,
  )
}

const html = { 'content-type': 'text/html' }

describe('a failure is described by its cause', () => {
  it.each([
    [502, html, 'Rekey is not available (error 502). This is not a problem with your connection.'],
    [504, html, 'Rekey is not available (error 504)'],
    [503, { ...html, 'retry-after': '7' }, 'Rekey is not available right now. Try again in 7 sec'],
    [429, { ...html, 'retry-after': '1' }, 'Too many requests. Try again in 1 second.'],
    [429, html, 'Too many requests. Wait a little, then try again.'],
    [200, html, 'The answer did not come from Rekey.'],
    [403, html, 'The answer did not come from Rekey.'],
    [
      500,
      { ...html, 'x-request-id': requestId },
      `tell an administrator the request ID ${requestId}`,
    ],
  ])('%i %j', async (status, headers, text) => {
    const message = describeFailure(t, await failureOf(status, headers, '<h1>A proxy</h1>'))
    expect(message).toContain(text)
    expect(message).not.toContain('Check your connection')
  })

  it('shows that a server is away', async () => {
    await new Promise(resolve => server.close(resolve))
    expect(describeFailure(t, await failure())).toBe(
      'Rekey cannot be reached. Check your connection and try again.',
    )
  })

  it('does not blame the connection for a fault of the page', () => {
    const fault = new TypeError('user is undefined')
    expect(describeFailure(t, fault)).toBe('Something went wrong. Try again later.')
  })

  it('asks to wait until the time that a proxy names', async () => {
    const at = new Date(Date.now() + 3_600_000).toUTCString()
    const message = describeFailure(t, await failureOf(503, { ...html, 'retry-after': at }, ''))
    expect(message).toMatch(/Try again in (3,600|3,599|3,598|3,5\d\d) seconds\./)
  })
})

describe('data that could not be loaded', () => {
  const show = (problem: unknown, onRetry: () => void = () => undefined) =>
    render(
      <MantineProvider env="test">
        <LoadFailure failure={problem} onRetry={onRetry} />
      </MantineProvider>,
    )

  it('has a button that copies the request ID of an error of the server', async () => {
    const body = JSON.stringify({
      errors: [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }],
    })
    show(await failureOf(500, { 'content-type': 'application/graphql-response+json' }, body))
    expect(screen.getByText(/Something went wrong in Rekey/).textContent).toContain(requestId)
    await screen.findByRole('button', { name: 'Copy request ID' })
  })

  it('loads by itself when the server is back', async () => {
    const { port } = server.address() as AddressInfo
    await new Promise(resolve => server.close(resolve))
    const problem = await failure()
    answer = (_, outgoing) => outgoing.writeHead(200).end()
    // The probe of the page has no address of its own here.
    globalThis.fetch = ((path: string, init?: RequestInit) =>
      httpFetch(new URL(path, url), init)) as typeof fetch
    await new Promise<void>(resolve => {
      show(problem, resolve)
      expect(screen.queryByRole('button', { name: 'Copy request ID' })).toBeNull()
      server.listen(port, '127.0.0.1')
    })
  })
})
