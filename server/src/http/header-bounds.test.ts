import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TestServer } from '../testing/test-server.js'
import { maxHeaderLengths } from './header-bounds.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

/** Sends headers that fetch does not allow, such as Host. */
const send = (
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; text: string; headers: Record<string, unknown> }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const method = path === '/graphql' ? 'POST' : 'GET'
    const sent = request({ hostname, port, path, method, headers }, answer => {
      let text = ''
      answer.on('data', part => {
        text += String(part)
      })
      answer.on('end', () => resolve({ status: answer.statusCode, text, headers: answer.headers }))
    })
    sent.on('error', reject)
    sent.end(method === 'POST' ? '{"query":"{ setupRequired }"}' : undefined)
  })

const refused = (name: string, maxLength: number) => ({
  errors: [
    {
      message: `The header ${name} accepts at most ${maxLength} characters.`,
      extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
    },
  ],
})

describe('a header above its maximum length', () => {
  it.each(Object.entries(maxHeaderLengths))(
    'is rejected with 431: %s of more than %d',
    async (name, maxLength) => {
      for (const path of ['/graphql', '/healthz', '/', '/nowhere.js']) {
        const answer = await send(path, { [name]: 'x'.repeat(maxLength + 1) })
        expect(answer.status).toBe(431)
        expect(JSON.parse(answer.text)).toEqual(refused(name, maxLength))
        expect(answer.headers['x-content-type-options']).toBe('nosniff')
      }
    },
  )

  it.each([
    ['content-type', `application/json;${' '.repeat(14_000)}x`],
    ['accept', `"${','.repeat(14_000)}`],
    ['accept-encoding', `gzip;${' '.repeat(14_000)}x`],
    ['cookie', `a=${'"\\'.repeat(7_000)}`],
    ['if-none-match', `"${','.repeat(14_000)}`],
  ] as const)('is rejected before %s is parsed', async (name, value) => {
    const answer = await send('/graphql', { 'content-type': 'application/json', [name]: value })
    expect(answer.status).toBe(431)
    expect(JSON.parse(answer.text)).toEqual(refused(name, maxHeaderLengths[name]))
  })

  it('is not reported if the URL is invalid: the answer is a 400', async () => {
    const answer = await send('/%ZZ', { accept: `"${','.repeat(14_000)}` })
    expect(answer.status).toBe(400)
  })
})

describe('a header within its maximum length', () => {
  it('is parsed as before', async () => {
    const answer = await send('/graphql', {
      accept: `application/json${', text/x'.repeat(100)}`,
      'content-type': 'application/json; charset=utf-8',
      cookie: `a=${'x'.repeat(4_000)}`,
      'user-agent': 'x'.repeat(5_000),
    })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual({ data: { setupRequired: expect.any(Boolean) } })
  })
})
