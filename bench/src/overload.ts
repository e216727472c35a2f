// Sends the built server ten times the work it can do, one kind after the other. Checks that it
// stays alive, rejects with the right status, answers light requests and recovers.
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { HttpAnswer, HttpSession } from './http-session.js'
import { load, percentile } from './load.js'
import { logIn, password, type Rekey, RekeyData } from './rekey.js'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const seconds = Number(values.seconds)
if (!Number.isInteger(seconds) || seconds < 2) {
  throw new Error('Usage: npm run proofs:overload -- --seconds 60')
}

const users = 1_000
/** With this many clients, the server is fully used. */
const bearableClients = 32
const clients = 10 * bearableClients
const probeEveryMs = 200
/**
 * The limits for a light request, for the first success after the load, and for the growth of
 * memory.
 */
const maxProbeMs = 1_000
const maxRecoveryMs = 2_000
const maxGrowthMiB = 64

/** A kind of load: what a client sends again and again. */
interface Kind {
  readonly name: string
  readonly open: (client: number) => Promise<(round: number) => Promise<HttpAnswer>>
}

const graphql = (browser: HttpSession, query: string, input?: Record<string, unknown>) =>
  browser.ask('POST', '/graphql', { query, variables: { input } })

const kindsOf = (
  rekey: Rekey,
  logins: readonly string[],
  administrators: readonly string[],
): readonly Kind[] => [
  {
    name: 'sign-ins',
    open: async client => {
      const input = { login: logins[client % logins.length], password }
      return () =>
        graphql(
          rekey.browser(),
          'mutation ($input: LogInInput!) { logIn(input: $input) { user { id } errors { __typename } } }',
          input,
        )
    },
  },
  {
    name: 'changes of password',
    open: async client => {
      const browser = rekey.browser()
      await logIn(browser, logins[client % logins.length] ?? '')
      let current = password
      return async round => {
        const next = `Brisk-Meadow-${client}-${round}`
        const answer = await graphql(
          browser,
          'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { errors { __typename } } }',
          { currentPassword: current, newPassword: next },
        )
        if (isDone(answer)) current = next
        return answer
      }
    },
  },
  {
    name: 'lists of users',
    open: async client => {
      // Several accounts, because most requests of a single one would be rejected.
      const administrator = rekey.browser()
      await logIn(administrator, administrators[client % administrators.length] ?? '')
      return () =>
        graphql(
          administrator,
          '{ users(first: 100) { totalCount nodes { id login firstName role } } }',
        )
    },
  },
]

const isDone = ({ status, text }: HttpAnswer): boolean =>
  status === 200 && !text.includes('"__typename":"') && !text.includes('"code":"')

/** Whether a rejection has the right status and says when to retry. */
const isHonest = ({ status, retryAfter, text }: HttpAnswer): boolean =>
  ([429, 503].includes(status) && retryAfter !== undefined) || text.includes('retryAfterSeconds')

const overload = async (rekey: Rekey, kind: Kind): Promise<string[]> => {
  const problems: string[] = []
  const owner = await rekey.owner()
  const sends: ((round: number) => Promise<HttpAnswer>)[] = []
  for (let client = 0; client < clients; client += 1) sends.push(await kind.open(client))

  const counts = { done: 0, refused: 0, other: 0 }
  const others = new Set<string>()
  const probes: number[] = []
  const memory: number[] = []
  let isOver = false
  const probing = (async () => {
    while (!isOver) {
      const from = performance.now()
      await owner.send('GET', '/healthz')
      await owner.query('{ viewer { id } }')
      probes.push(performance.now() - from)
      memory.push(rekey.server.memoryMiB())
      await wait(probeEveryMs)
    }
  })()
  let round = 0
  await load(clients, seconds, async client => {
    round += 1
    const answer = await sends[client]?.(round)
    if (answer === undefined) return
    if (isDone(answer)) counts.done += 1
    else if (isHonest(answer)) counts.refused += 1
    else {
      counts.other += 1
      others.add(`${answer.status} ${answer.text.slice(0, 200)}`)
    }
  })
  const ended = performance.now()
  const [send] = sends
  for (;;) {
    round += 1
    if (send !== undefined && isDone(await send(round))) break
    await wait(50)
  }
  const recoveryMs = performance.now() - ended
  isOver = true
  await probing

  probes.sort((one, other) => one - other)
  const slowest = probes.at(-1) ?? Number.NaN
  // The caches are full after the first third.
  const growth = (memory.at(-1) ?? 0) - (memory[Math.floor(memory.length / 3)] ?? 0)
  console.log(
    `| ${kind.name} | ${(counts.done / seconds).toFixed(0)} | ${(counts.refused / seconds).toFixed(0)} | ` +
      `${counts.other} | ${percentile(probes, 0.5).toFixed(0)} / ${slowest.toFixed(0)} | ` +
      `${rekey.server.memoryMiB().toFixed(0)} (${growth >= 0 ? '+' : ''}${growth.toFixed(0)}) | ${(recoveryMs / 1000).toFixed(2)} |`,
  )
  for (const other of others) problems.push(`${kind.name}: answered ${other}`)
  if (slowest > maxProbeMs) problems.push(`${kind.name}: a light request took too long.`)
  if (recoveryMs > maxRecoveryMs) problems.push(`${kind.name}: the recovery took too long.`)
  if (growth > maxGrowthMiB) problems.push(`${kind.name}: the memory grew.`)
  return problems
}

const main = async (): Promise<void> => {
  const data = await RekeyData.make('SQLite', users)
  const rekey = await data.start()
  try {
    const logins = await rekey.logins(clients)
    const administrators = await rekey.logins(8, 'ADMIN')
    console.log(`${clients} clients at once, ${seconds} s each.\n`)
    console.log(
      '| load | done /s | refused /s | other answers | light request ms (p50 / slowest) | memory MiB (growth) | recovery s |',
    )
    console.log('| --- | --- | --- | --- | --- | --- | --- |')
    const problems: string[] = []
    for (const kind of kindsOf(rekey, logins, administrators))
      problems.push(...(await overload(rekey, kind)))
    for (const problem of problems.slice(0, 20)) console.error(`PROBLEM: ${problem}`)
    if (problems.length > 0) process.exitCode = 1
  } finally {
    await rekey.stop()
    await data.remove()
  }
}

main().catch((failure: unknown) => {
  console.error(failure)
  process.exit(1)
})
