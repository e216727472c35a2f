// Sends requests of an attacker to the built server, and watches its event loop. Fails if one
// request blocks the loop for too long, gets a 5xx or a stack trace, or makes memory grow.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort } from '@rekey/server/testing'
import { buildSchema } from 'graphql'
import { DocumentMaker } from './documents.js'
import { Chance, hostileHeader, hostileText } from './hostile.js'
import { HttpSession } from './http-session.js'
import type { LoopReport } from './loop-watch.js'

const maxBlockedMs = 50
const maxGrowthMiB = 40
const batchSize = 10
// By then the caches are full.
const warmUpShare = 0.3

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const total = Number(values.requests)
const seed = Number(values.seed)
if (!Number.isInteger(total) || total < 1 || !Number.isInteger(seed)) {
  throw new Error('Usage: npm run fuzz -- --requests 100000 --seed 1')
}

const serverDir = join(__dirname, '..', '..', 'server')
const schema = buildSchema(readFileSync(join(serverDir, 'schema.graphql'), 'utf8'))
const password = 'Quiet-Harbour-72'

/** A request that can be sent again. */
interface Sending {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
}

interface Answer {
  readonly status: number
  readonly text: string
}

const agent = new Agent({ keepAlive: true, maxSockets: batchSize })

/** Null if the server closed the connection, as it may for a body that it will not read. */
const send = (origin: string, { method, path, headers, body }: Sending): Promise<Answer | null> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const sent = request({ hostname, port, method, path, headers, agent }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => resolve(null))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, text })
      })
    })
    sent.setTimeout(60_000, () => sent.destroy(new Error('no answer in a minute')))
    sent.on('error', (failure: NodeJS.ErrnoException) => {
      if (failure.code === 'ECONNRESET' || failure.code === 'EPIPE') resolve(null)
      else reject(failure)
    })
    sent.end(body)
  })

/** The built server with the demo company, whose event loop is watched. */
class WatchedServer {
  private constructor(
    readonly origin: string,
    private readonly child: ChildProcess,
    private readonly dir: string,
  ) {}

  static async start(): Promise<WatchedServer> {
    const dir = await mkdtemp(join(tmpdir(), 'rekey-fuzz-'))
    const port = await freePort()
    const watch = join(__dirname, 'loop-watch.js')
    const main = join(serverDir, 'dist', 'main.js')
    const child = spawn(
      process.execPath,
      ['--expose-gc', '--require', watch, main, '--demo', '--without-history'],
      {
        env: {
          ...process.env,
          DATA_DIR: dir,
          PORT: String(port),
          LOG_LEVEL: 'warn',
          GRAPHQL_INTROSPECTION: 'false',
          // All requests come from one address, so the throttle would reject them before they do any
          // work.
          THROTTLE_PER_ADDRESS: '1000000',
          THROTTLE_PER_LOGIN: '1000000',
          RATE_LIMIT_PER_ADDRESS: '0',
          RATE_LIMIT_PER_TOKEN: '0',
        },
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      },
    )
    await new Promise<void>((ready, failed) => {
      child.once('exit', code => failed(new Error(`The server ended with ${code}.`)))
      child.stdout?.on('data', chunk => /is ready/.test(String(chunk)) && ready())
    })
    // Reads the log, because the server would otherwise have to wait.
    child.stdout?.resume()
    return new WatchedServer(`http://127.0.0.1:${port}`, child, dir)
  }

  async report(action: 'read' | 'collect'): Promise<LoopReport> {
    this.child.send(action)
    const [report] = await once(this.child, 'message')
    return report as LoopReport
  }

  async stop(): Promise<void> {
    this.child.removeAllListeners('exit')
    const ended = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await ended
    await rm(this.dir, { recursive: true, force: true })
  }
}

const cookieOf = async (origin: string, login: string): Promise<string> => {
  const answer = await new Promise<string[]>((resolve, reject) => {
    const sent = request(
      `${origin}/graphql`,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      response => {
        response.resume()
        response.on('end', () => resolve(response.headers['set-cookie'] ?? []))
      },
    )
    sent.on('error', reject)
    const query = `mutation { logIn(input: {login: "${login}", password: "${password}"}) { user { id } } }`
    sent.end(JSON.stringify({ query }))
  })
  return answer.map(cookie => cookie.split(';', 1)[0]).join('; ')
}

const headerNames = [
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'content-type',
  'cookie',
  'forwarded',
  'idempotency-key',
  'if-modified-since',
  'if-none-match',
  'origin',
  'range',
  'referer',
  'sec-fetch-site',
  'traceparent',
  'user-agent',
  'x-forwarded-for',
]

const paths = [
  '/',
  '/account/users',
  '/assets/x.js',
  '/healthz',
  '/my-data.json',
  '/operations.csv',
  '/operations.json',
  '/schema.graphql',
  '/explorer',
]

/** Generates the requests of one run. */
class Requests {
  constructor(
    private readonly chance: Chance,
    private readonly documents: DocumentMaker,
    private cookies: readonly string[],
  ) {}

  /** Sets the sessions of the next requests. */
  use(cookies: readonly string[]): void {
    this.cookies = cookies
  }

  make(): Sending {
    const { chance } = this
    const headers: Record<string, string> = {
      'content-type': chance.is(0.95) ? 'application/json' : hostileHeader(chance),
      accept: chance.pick(['application/json', 'application/graphql-response+json', '*/*']),
      cookie: chance.pick(this.cookies),
      'apollo-require-preflight': 'true',
    }
    if (chance.is(0.2)) headers[chance.pick(headerNames)] = hostileHeader(chance)
    if (chance.is(0.1)) headers['idempotency-key'] = `key-${chance.below(1e9)}`
    // Node accepts 16 KB of headers; longer ones would only test Node.
    if (chance.is(0.03)) {
      const query = `?${chance.pick(['actions', 'from', 'search', 'x'])}=${encoded(hostileText(chance, 2_000))}`
      delete headers['content-type']
      return {
        method: 'GET',
        path: chance.pick(paths) + (chance.is(0.5) ? query : ''),
        headers,
        body: undefined,
      }
    }
    const body = this.documents.make()
    if (chance.is(0.05)) {
      const parts = Object.entries(body).map(
        ([name, value]) =>
          `${name}=${encoded(typeof value === 'string' ? value : JSON.stringify(value))}`,
      )
      delete headers['content-type']
      return {
        method: 'GET',
        path: `/graphql?${parts.join('&')}`.slice(0, 12_000),
        headers,
        body: undefined,
      }
    }
    const text = JSON.stringify(body)
    return {
      method: 'POST',
      path: '/graphql',
      headers,
      body: chance.is(0.01) ? text.slice(1) : text,
    }
  }
}

const encoded = (text = ''): string => encodeURIComponent(text.toWellFormed())

const shortened = ({ method, path, headers, body = '' }: Sending): string =>
  `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 600)}\n${body.slice(0, 1_500)} (${body.length} characters)`

/** Why an answer is wrong; null if it is right. */
const problemOf = (answer: Answer | null): string | null => {
  if (answer === null) return null
  // The queue of hashes is full, and the answer says when to retry.
  const isBusy = answer.status === 503 && answer.text.includes('"RATE_LIMITED"')
  if (answer.status >= 500 && !isBusy)
    return `status ${answer.status}: ${answer.text.slice(0, 300)}`
  if (answer.text.includes('INTERNAL_SERVER_ERROR')) return answer.text.slice(0, 300)
  if (/\n\s+at .+:\d+:\d+|node_modules\/|\/dist\/[\w/-]+\.js:\d/.test(answer.text))
    return `a stack trace: ${answer.text.slice(0, 300)}`
  return null
}

const main = async (): Promise<void> => {
  const server = await WatchedServer.start()
  const problems: string[] = []
  const { origin } = server
  const signIn = async () => [
    '',
    await cookieOf(origin, 'olivia@demo.example'),
    await cookieOf(origin, 'maya@demo.example'),
  ]
  /**
   * How long a request blocks the loop: the minimum of several measurements, because other work may
   * block it too.
   */
  const blockedBy = async (sending: Sending): Promise<number> => {
    const blocked: number[] = []
    for (let time = 0; time < 4; time += 1) {
      await server.report('read')
      await send(origin, sending)
      blocked.push((await server.report('read')).blockedMs)
    }
    return Math.min(...blocked)
  }
  try {
    const owner = new HttpSession(origin)
    await owner.query(
      `mutation { logIn(input: {login: "olivia@demo.example", password: "${password}"}) { user { id } } }`,
    )
    const { users } = await owner.query<{ users: { nodes: { id: string; login: string }[] } }>(
      '{ users(last: 20) { nodes { id login } } }',
    )
    const examples = users.nodes.flatMap(({ id, login }) => [id, login])
    examples.push('an', 'e', '123456', '+44 20 7946 0018', 'en', 'users.read', '203.0.113.0/24')
    const chance = new Chance(seed)
    const requests = new Requests(
      chance,
      new DocumentMaker(schema, chance, examples),
      await signIn(),
    )
    const statuses = new Map<number, number>()
    let slowest: { blockedMs: number; sending: Sending } | null = null
    let heapBefore = Number.NaN
    console.log(`Sending ${total} requests with --seed ${seed}.`)
    for (let sent = 0; sent < total; sent += batchSize) {
      if (sent % 2_000 === 0) requests.use(await signIn())
      if (Number.isNaN(heapBefore) && sent >= total * warmUpShare) {
        heapBefore = (await server.report('collect')).heap
      }
      const batch = Array.from({ length: Math.min(batchSize, total - sent) }, () => requests.make())
      await server.report('read')
      const answers = await Promise.all(batch.map(sending => send(origin, sending)))
      const { blockedMs } = await server.report('read')
      for (const [index, answer] of answers.entries()) {
        const status = answer?.status ?? 0
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        const problem = problemOf(answer)
        if (problem !== null) problems.push(`${problem}\n${shortened(batch[index] as Sending)}`)
      }
      // If a batch blocked the loop no longer than the slowest request so far, none of its requests
      // is slower.
      if (blockedMs > Math.max(slowest?.blockedMs ?? 0, maxBlockedMs / 5)) {
        for (const sending of batch) {
          const blocked = await blockedBy(sending)
          if (blocked > maxBlockedMs)
            problems.push(`blocked the loop for ${Math.round(blocked)} ms\n${shortened(sending)}`)
          if (blocked > (slowest?.blockedMs ?? 0)) slowest = { blockedMs: blocked, sending }
        }
      }
      if (problems.length >= 20) break
      if (sent > 0 && sent % 10_000 === 0) console.log(`${sent} sent.`)
    }
    const heapAfter = (await server.report('collect')).heap
    const growthMiB = (heapAfter - heapBefore) / 2 ** 20
    if (growthMiB > maxGrowthMiB) problems.push(`The heap grew by ${growthMiB.toFixed(1)} MiB.`)
    const counts = [...statuses].sort().map(([status, count]) => `${status || 'hung up'}: ${count}`)
    console.log(`Answers by status: ${counts.join(', ')}.`)
    console.log(
      `The heap after warm-up: ${(heapBefore / 2 ** 20).toFixed(1)} MiB, at the end: ${(heapAfter / 2 ** 20).toFixed(1)} MiB.`,
    )
    if (slowest !== null) {
      console.log(
        `The slowest request blocked the event loop for ${slowest.blockedMs.toFixed(1)} ms:\n${shortened(slowest.sending)}`,
      )
    } else console.log(`No request blocked the event loop for more than ${maxBlockedMs / 5} ms.`)
  } finally {
    await server.stop()
    agent.destroy()
  }
  for (const problem of problems) console.error(`\nPROBLEM: ${problem}`)
  console.log(problems.length === 0 ? 'No problems found.' : `${problems.length} problems.`)
  process.exit(problems.length === 0 ? 0 : 1)
}

void main()
