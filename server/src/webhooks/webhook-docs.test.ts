import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { transformSync } from '@swc/core'
import { freePort } from '../testing/free-port.js'
import { TestServer } from '../testing/test-server.js'
import { eventTypes, testEventType } from './event-types.js'

const page = readFileSync(join(__dirname, '../../../docs/webhooks.md'), 'utf8')
const codeIn = (language: string) =>
  new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(page)?.[1] ?? ''

let server: TestServer
let dir: string
let child: ChildProcess | undefined
beforeAll(async () => {
  server = await TestServer.start({ WEBHOOKS_ALLOW_PRIVATE: 'true' })
  dir = await mkdtemp(join(tmpdir(), 'rekey-webhooks-'))
})
afterEach(() => {
  child?.kill('SIGKILL')
})
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})

const untilListening = async (port: number) => {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const listens = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (listens) return
    await new Promise(done => setTimeout(done, 50))
  }
}

const examples: [string, (file: string) => [string, string, string]][] = [
  [
    'ts',
    file => [
      process.execPath,
      `${file}.cjs`,
      transformSync(codeIn('ts'), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      }).code,
    ],
  ],
  ['python', file => ['python3', `${file}.py`, codeIn('python')]],
]

describe('docs/webhooks.md', () => {
  it.each(examples)(
    'has an example receiver in %s that accepts signed requests and rejects all others',
    async (name, prepare) => {
      const port = await freePort()
      const url = `http://127.0.0.1:${port}/webhooks`
      const owner = await server.addUser({ role: 'OWNER' })
      const origin = { ip: '127.0.0.1', userAgent: '', requestId: 'x' }
      const fields = { url, description: '', events: eventTypes }
      const made = await server.services.webhooks.create(owner, fields, origin)
      if (made.kind !== 'created') throw new Error('There is no webhook.')

      const [program, file, code] = prepare(join(dir, name))
      await writeFile(file, code)
      child = spawn(program, [file], {
        env: {
          PATH: process.env.PATH,
          PORT: String(port),
          WEBHOOK_SECRET: made.secret,
          NODE_PATH: join(__dirname, '../../node_modules'),
        },
        stdio: 'ignore',
      })
      await untilListening(port)
      const sent = await server.services.webhooks.test(owner, made.webhook.id, origin)
      if (sent.kind !== 'queued') throw new Error('There is no delivery.')
      await server.services.webhookOutbox.idle()
      const { id } = sent.delivery
      const attempts = await server.services.webhooks.lastAttemptsOf(owner, [id])
      expect(attempts.get(id)).toMatchObject([{ status: 204 }])

      const forged = await fetch(url, {
        method: 'POST',
        body: '{"type":"user.deleted"}',
        headers: {
          'webhook-id': 'x',
          'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
          'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
        },
      })
      expect(forged.status).toBe(400)
      const bare = await fetch(url, { method: 'POST', body: '{}' })
      expect(bare.status).toBe(400)
    },
  )

  it('documents exactly the event types that exist', () => {
    const documented = [...page.matchAll(/^\| `([a-z_]+\.[a-z_]+)`/gm)].map(([, type]) => type)
    expect(documented).toEqual([...eventTypes, testEventType])
  })
})
