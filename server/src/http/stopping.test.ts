import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { ServerProcess } from '../testing/server-process.js'

let dir: string
let server: ServerProcess
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-stop-'))
})
afterEach(async () => {
  await server.kill()
  await rm(dir, { recursive: true, force: true })
})

// A single connection, kept open.
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

const ask = (path: string): Promise<IncomingMessage> =>
  new Promise((done, failed) => {
    get(`${server.url}${path}`, { agent }, answer => {
      answer.resume().once('end', () => done(answer))
    }).once('error', failed)
  })

it('answers and reports that it is not ready until STOP_DELAY_SECONDS have passed', async () => {
  server = await ServerProcess.start(dir, { STOP_DELAY_SECONDS: '3' })
  expect(await ask('/readyz')).toMatchObject({
    statusCode: 200,
    headers: { connection: 'keep-alive' },
  })
  server.terminate()
  while ((await ask('/readyz')).statusCode === 200) await wait(20)
  const answer = await ask('/healthz')
  expect(answer).toMatchObject({ statusCode: 200, headers: { connection: 'close' } })
  expect(await server.ended()).toBe(0)
})

it('stops although a client keeps its connection open', async () => {
  server = await ServerProcess.start(dir, {})
  await ask('/healthz')
  server.terminate()
  expect(await server.ended()).toBe(0)
})
