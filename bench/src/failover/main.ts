// Breaks a PostgreSQL cluster under a mix of writes, and checks what callers see. Fails if an
// acknowledged write was lost or done twice, a mail was sent twice, or an answer that asks to retry
// had no Retry-After.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Cluster, ports } from './cluster.js'
import { CuttingProxy } from './cutting-proxy.js'
import { SmtpSink } from './smtp-sink.js'

const kinds = ['kill', 'freeze', 'switchover', 'cut'] as const
type Kind = (typeof kinds)[number]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    kinds: { type: 'string', default: kinds.join(',') },
    'pause-seconds': { type: 'string', default: '45' },
    keep: { type: 'boolean', default: false },
  },
})

const mainFile = join(__dirname, '..', '..', '..', 'server', 'dist', 'main.js')
const database = 'rekey'
const owner = { login: 'owner@rekey.example', password: 'Quiet-Harbour-72' }
const workers = 6
const cutConnections = 6
const loadAfterMs = 10_000
const answerTimeoutMs = 30_000
const retryMs = 200

interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly body: {
    data?: Record<string, { apiToken?: { id: string }; errors: unknown[] } | null>
    errors?: { extensions: { code: string } }[]
  }
}

/** A caller: a session that both instances know. */
class Caller {
  private readonly cookies = new Map<string, string>()

  constructor(private readonly origins: readonly string[]) {}

  async send(
    query: string,
    input: unknown,
    attempt: number,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const origin = this.origins[attempt % this.origins.length] ?? ''
    const answer = await fetch(`${origin}/graphql`, {
      method: 'POST',
      body: JSON.stringify({ query, variables: { input } }),
      headers: {
        'content-type': 'application/json',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.cookies.set(name, value)
    }
    return {
      status: answer.status,
      retryAfter: answer.headers.get('retry-after'),
      body: (await answer.json()) as Answer['body'],
    }
  }
}

const createToken = `mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { apiToken { id } errors { __typename } }
}`
const revokeToken = `mutation ($input: RevokeApiTokenInput!) {
  revokeApiToken(input: $input) { errors { __typename } }
}`
const logIn = 'mutation ($input: LogInInput!) { logIn(input: $input) { errors { __typename } } }'

/** What the callers saw in one round. */
interface Seen {
  readonly acknowledged: Map<string, number>
  withoutRetryAfter: string[]
  unanswered: number
  unavailable: number
  unknown: number
}

const noteFailure = (seen: Seen, { status, retryAfter, body }: Answer): void => {
  const codes = body.errors?.map(({ extensions }) => extensions.code) ?? []
  if (codes.includes('SERVICE_UNAVAILABLE')) seen.unavailable += 1
  // Repeating the request may be wrong, so the answer has no Retry-After.
  if (retryAfter !== null || codes.includes('OUTCOME_UNKNOWN')) return
  seen.withoutRetryAfter.push(`${status} ${codes.join()}`)
}

/** Writes until it is stopped. Each write has a unique name. */
const keepWriting = async (
  caller: Caller,
  keyed: boolean,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const name = randomUUID()
    const input = { name, permissions: [], expiresAt: new Date(Date.now() + 3_600_000) }
    const headers = keyed ? { 'idempotency-key': `"${name}"` } : {}
    for (let attempt = 0; ; attempt += 1) {
      const answer = await caller.send(createToken, input, attempt, headers).catch(() => null)
      const payload = answer?.body.data?.createApiToken
      if (payload?.errors.length === 0) {
        seen.acknowledged.set(name, performance.now())
        const variables = { apiTokenId: payload.apiToken?.id }
        // The number of tokens is limited to 50. It does no harm if this one remains.
        await caller.send(revokeToken, variables, attempt).catch(() => null)
        break
      }
      if (answer === null) seen.unanswered += 1
      else noteFailure(seen, answer)
      const isUnknown =
        answer === null ||
        answer.body.errors?.some(({ extensions }) => extensions.code === 'OUTCOME_UNKNOWN')
      if (isUnknown) seen.unknown += 1
      // Without a key, a caller who does not know the outcome does not repeat the request.
      if (isUnknown && !keyed) break
      if (signal.aborted && attempt > 100) break
      await wait(retryMs)
    }
  }
}

const startInstance = async (
  dir: string,
  number: number,
  environment: Record<string, string>,
): Promise<{ origin: string; child: ChildProcess; logFile: string }> => {
  const child = spawn(process.execPath, [mainFile], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: join(dir, 'rekey'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const logFile = join(dir, `rekey${number}.log`)
  const origin = await new Promise<string>((ready, failed) => {
    child.once('exit', code => failed(new Error(`Rekey ended with ${code}: see ${logFile}.`)))
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', chunk => {
        appendFileSync(logFile, chunk)
        printed = (printed + chunk).slice(-10_000)
        const [, port] = /is ready at \S+:(\d+)/.exec(printed) ?? []
        if (port !== undefined) ready(`http://127.0.0.1:${port}`)
      })
    }
  })
  return { origin, child, logFile }
}

const problemLines = (files: readonly string[]): number =>
  files
    .flatMap(file => readFileSync(file, 'utf8').split('\n'))
    .filter(line => /"level":[456]0/.test(line)).length

const signIn = async (origins: readonly string[]): Promise<Caller> => {
  const caller = new Caller(origins)
  for (let attempt = 0; ; attempt += 1) {
    const answer = await caller.send(logIn, owner, attempt).catch(() => null)
    if (answer?.body.data?.logIn?.errors.length === 0) return caller
    if (attempt > 100) throw new Error(`No one can sign in: ${JSON.stringify(answer)}`)
    await wait(retryMs)
  }
}

/** Breaks the cluster. Returns the time of its new leader, and a function that repairs it. */
const breakCluster = async (
  kind: Kind,
  cluster: Cluster,
  proxies: readonly CuttingProxy[],
): Promise<{ leaderAt: number; repair: () => void }> => {
  if (kind === 'cut') {
    for (const proxy of proxies) proxy.cut(cutConnections)
    return { leaderAt: performance.now(), repair: () => undefined }
  }
  const old = await cluster.leader()
  if (old === null) throw new Error('There is no leader.')
  if (kind === 'kill') cluster.kill(old)
  if (kind === 'freeze') cluster.freeze(old)
  if (kind === 'switchover') await cluster.switchOver(old)
  await cluster.nextLeader(old)
  const repair = () => {
    if (kind === 'kill') cluster.startNode(old)
    if (kind === 'freeze') cluster.thaw(old)
  }
  return { leaderAt: performance.now(), repair }
}

const main = async (): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), 'rekey-failover-'))
  await chmod(dir, 0o755)
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const cluster = new Cluster(dir)
  const sink = new SmtpSink()
  const proxies = [new CuttingProxy(ports.proxy), new CuttingProxy(ports.proxy)]
  const instances: Awaited<ReturnType<typeof startInstance>>[] = []
  let failed = false
  try {
    say('Starting etcd, Patroni and HAProxy. This takes some minutes.')
    await cluster.start()
    cluster.query('postgres', `CREATE DATABASE ${database}`)
    const environment = {
      DATABASE_POOL_SIZE: '10',
      SMTP_URL: await sink.start(),
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      PUBLIC_URL: 'http://localhost:4000',
      ARGON2_MEMORY_KIB: '64',
      ARGON2_PASSES: '1',
      ARGON2_ALLOW_WEAK: 'true',
      RATE_LIMIT_PER_ADDRESS: '0',
      BOOTSTRAP_OWNER_LOGIN: owner.login,
      BOOTSTRAP_OWNER_PASSWORD: owner.password,
    }
    for (const [index, proxy] of proxies.entries()) {
      const url = cluster.urlOf(database, await proxy.start())
      instances.push(await startInstance(dir, index, { ...environment, DATABASE_URL: url }))
    }
    failed ||= !refusesStandby(dir, cluster, environment, await cluster.leader())
    // Keeps the name of each token permanently, even if the token is deleted.
    cluster.query(
      database,
      `CREATE TABLE failover_seen (name text);
      CREATE FUNCTION failover_note() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO failover_seen VALUES (NEW.name); RETURN NEW; END';
      CREATE TRIGGER failover_note AFTER INSERT ON api_tokens
        FOR EACH ROW EXECUTE FUNCTION failover_note();`,
    )
    const origins = instances.map(({ origin }) => origin)
    const chosen = values.kinds.split(',') as Kind[]
    for (const kind of chosen) {
      for (let round = 1; round <= Number(values.rounds); round += 1) {
        const passed = await runRound(`${kind} ${round}`, kind)
        failed ||= !passed
        await wait(Number(values['pause-seconds']) * 1_000)
      }
    }

    async function runRound(name: string, kind: Kind): Promise<boolean> {
      while (!(await cluster.isComplete())) await wait(500)
      const logFiles = instances.map(({ logFile }) => logFile)
      const before = { lines: problemLines(logFiles), doubledMails: sink.doubled }
      const seen: Seen = {
        acknowledged: new Map(),
        withoutRetryAfter: [],
        unanswered: 0,
        unavailable: 0,
        unknown: 0,
      }
      const ending = new AbortController()
      const callers = await Promise.all(Array.from({ length: workers }, () => signIn(origins)))
      const writing = callers.map((caller, index) =>
        keepWriting(caller, index % 2 === 0, seen, ending.signal),
      )
      await wait(2_000)
      const begun = performance.now()
      const { leaderAt, repair } = await breakCluster(kind, cluster, proxies)
      await wait(loadAfterMs)
      ending.abort()
      await Promise.all(writing)
      repair()
      const successes = [...seen.acknowledged.values()].filter(at => at > leaderAt)
      const firstSuccess = (Math.min(...successes) - leaderAt) / 1_000
      while (cluster.query(database, 'SELECT count(*) FROM outbox_mails')[0] !== '0') {
        await wait(500)
      }
      const stored = cluster.query(database, 'SELECT name FROM failover_seen')
      const lost = [...seen.acknowledged.keys()].filter(each => !new Set(stored).has(each)).length
      const doubled = stored.length - new Set(stored).size
      cluster.query(database, 'TRUNCATE failover_seen')
      const doubledMails = sink.doubled - before.doubledMails
      const missing = seen.withoutRetryAfter.length
      say(
        [
          `${name}: leader after ${((leaderAt - begun) / 1_000).toFixed(1)} s`,
          `first success ${firstSuccess.toFixed(1)} s later`,
          `acknowledged ${seen.acknowledged.size}`,
          `lost ${lost}`,
          `doubled ${doubled}`,
          `doubled mails ${doubledMails}`,
          `unavailable ${seen.unavailable}`,
          `unknown ${seen.unknown}`,
          `without Retry-After ${missing}`,
          `unanswered ${seen.unanswered}`,
          `log lines ${problemLines(logFiles) - before.lines}`,
        ].join(', '),
      )
      for (const each of new Set(seen.withoutRetryAfter)) say(`  without Retry-After: ${each}`)
      return lost + doubled + doubledMails + missing === 0
    }
  } finally {
    for (const { child } of instances) {
      child.removeAllListeners('exit')
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    await cluster.stop()
    for (const proxy of proxies) proxy.stop()
    sink.stop()
    if (values.keep) say(`The logs are in ${dir}.`)
    else await rm(dir, { recursive: true, force: true })
  }
  say(failed ? 'It failed.' : 'Nothing was lost or doubled.')
  process.exit(failed ? 1 : 0)
}

/** Whether an instance that connects to a standby ends with a line that reports this. */
const refusesStandby = (
  dir: string,
  cluster: Cluster,
  environment: Record<string, string>,
  leader: number | null,
): boolean => {
  const standby = leader === 1 ? 2 : 1
  const { status, stderr } = spawnSync(process.execPath, [mainFile], {
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      PATH: process.env.PATH,
      ...environment,
      PORT: '0',
      DATA_DIR: join(dir, 'standby'),
      DATABASE_URL: cluster.urlOf(database, ports.postgres(standby)),
      DATABASE_WAIT_SECONDS: '2',
    },
  })
  const refused = status === 1 && stderr.includes('is a standby')
  process.stdout.write(
    `An instance that is pointed at a standby ${refused ? 'ends' : 'DOES NOT END'}.\n`,
  )
  return refused
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.stack : String(failure)}\n`)
  process.exit(1)
})
