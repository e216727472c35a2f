import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { TestServer } from '../testing/test-server.js'
import { maxConcurrentDownloads, maxConcurrentRequests } from './concurrent-requests.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const query = JSON.stringify({ query: '{ users(first: 100) { nodes { id login } } }' })

describe('requests with one session', () => {
  it('answers requests of one session above the limit with 503 and Retry-After, until others have finished', async () => {
    const person = await server.addUser({ role: 'OWNER' })
    const client = await server.signedIn(person)
    const list = server.services.userSearch.list.bind(server.services.userSearch)
    let open = () => {}
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    jest.spyOn(server.services.userSearch, 'list').mockImplementation(async (actor, request) => {
      await gate
      return list(actor, request)
    })
    const posted = Array.from({ length: maxConcurrentRequests + 1 }, () => client.post(query))
    const refused = await Promise.race(posted)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } },
    ])
    // Another session, even of the same user, is not rejected.
    expect(await (await server.signedIn(person)).whoAmI()).toBe(person.login)
    open()
    const statuses = (await Promise.all(posted)).map(({ status }) => status)
    expect(statuses.filter(status => status === 200)).toHaveLength(maxConcurrentRequests)
    expect((await client.post(query)).status).toBe(200)
  })
})

describe('downloads with one session', () => {
  it('are answered with 503 beyond the bound, until others are done', async () => {
    const client = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    let open = () => {}
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    const { myData } = server.services
    const gather = myData.gather.bind(myData)
    const gathering = jest.spyOn(myData, 'gather').mockImplementation(async caller => {
      await gate
      return gather(caller)
    })
    const asked = Array.from({ length: maxConcurrentDownloads }, () => client.get('/my-data.json'))
    while (gathering.mock.calls.length < maxConcurrentDownloads) await wait(5)
    for (const path of ['/my-data.json', '/operations.csv']) {
      const refused = await client.get(path)
      expect(refused.status).toBe(503)
      expect(refused.headers.get('retry-after')).toBe('1')
    }
    open()
    for (const answer of await Promise.all(asked)) {
      expect(answer.status).toBe(200)
      await answer.text()
    }
    expect((await client.get('/operations.csv')).status).toBe(200)
  })
})
