import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TestServer } from '../testing/test-server.js'
import { ConcurrentRequests, maxConcurrent } from './concurrent-requests.js'

describe('requests of signed-in callers', () => {
  it('are refused to one caller who has too many, and not to others', () => {
    const requests = new ConcurrentRequests({ all: 10, perCaller: 2 })
    const end = requests.begin('maya')
    requests.begin('maya')
    expect(() => requests.begin('maya')).toThrow('At most 2 of your requests')
    requests.begin('olu')
    end()
    requests.begin('maya')
    expect(() => requests.begin('maya')).toThrow('At most 2 of your requests')
  })

  it('are refused to all when the server has too many', () => {
    const requests = new ConcurrentRequests({ all: 2, perCaller: 2 })
    const end = requests.begin('maya')
    requests.begin('olu')
    expect(() => requests.begin('ida')).toThrow('The server is busy.')
    end()
    requests.begin('ida')
  })
})

describe('the endpoint', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await TestServer.start()
  })
  afterAll(() => server.stop())

  const query = JSON.stringify({ query: '{ users(first: 100) { nodes { id login } } }' })

  it('answers 503 with Retry-After beyond the bound, and everything once that is over', async () => {
    const owner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    const twice = Array.from({ length: 2 * maxConcurrent.perCaller }, () => owner.post(query))
    const answers = await Promise.all(twice)
    const refused = answers.filter(({ status }) => status === 503)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.headers.get('retry-after')).toBe('1')
    const done = answers.filter(({ status }) => status === 200)
    expect(done.length).toBeGreaterThanOrEqual(maxConcurrent.perCaller)
    expect(done.length + refused.length).toBe(answers.length)

    const again = Array.from({ length: maxConcurrent.perCaller }, () => owner.post(query))
    const statuses = (await Promise.all(again)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})
