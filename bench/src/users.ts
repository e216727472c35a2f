import { join } from 'node:path'
import { freePort } from '@rekey/server/testing'
import type { BetterAuth } from './better-auth.js'
import type { Figure } from './figures.js'
import { HttpSession } from './http-session.js'
import { type LoadResult, load, percentile } from './load.js'
import { type Engine, RekeyData } from './rekey.js'
import { ServerProcess } from './server-process.js'

const workers = 8

// The query of the SPA's Users table.
const users = `query Users($first: Int, $after: String, $search: String, $orderBy: UserOrder) {
  users(first: $first, after: $after, search: $search, orderBy: $orderBy) {
    totalCount
    totalCountExact
    nodes { id login name phone role status lastSignInAt }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

interface UsersAnswer {
  users: { nodes: { login: string }[]; pageInfo: { endCursor: string } }
}

const measure = async (seconds: number, ask: () => Promise<unknown>): Promise<LoadResult> => {
  // Warms up until the engine has compiled the hot code.
  await load(workers, Math.min(seconds, 3), ask)
  return load(workers, seconds, ask)
}

/** The rates of pages: the first, one from the middle, and one of a search. */
export interface PageRates {
  readonly first: LoadResult
  readonly deep: LoadResult
  readonly search: LoadResult
}

/** Measures the pages of a database. */
const measurePages = async (data: RekeyData, seconds: number): Promise<PageRates> => {
  const rekey = await data.start()
  try {
    const owner = await rekey.owner()
    const page = (variables: Record<string, unknown>) =>
      owner.query<UsersAnswer>(users, { first: 25, ...variables })
    // A cursor in the order by name, among the names that begin with m.
    const middle = await page({ search: 'mar' })
    const [someone] = middle.users.nodes
    // The last word before the @, which is different in each login.
    const search = /[a-z0-9]+(?=@)/.exec(someone?.login ?? '')?.[0]
    const after = middle.users.pageInfo.endCursor
    return {
      first: await measure(seconds, () => page({})),
      deep: await measure(seconds, () => page({ after })),
      search: await measure(seconds, () => page({ search })),
    }
  } finally {
    await rekey.stop()
  }
}

/** Measures the same pages of Better Auth, with offsets. */
const measureOtherPages = async (
  other: BetterAuth,
  count: number,
  seconds: number,
): Promise<PageRates> => {
  const admin = await other.admin()
  const page = (query: string) =>
    admin.send('GET', `/api/auth/admin/list-users?limit=25&sortBy=name&sortDirection=asc&${query}`)
  const search = `searchField=email&searchOperator=contains&searchValue=.${Math.floor(count / 2)}`
  return {
    first: await measure(seconds, () => page('')),
    deep: await measure(seconds, () => page(`offset=${count / 2}`)),
    search: await measure(seconds, () => page(search)),
  }
}

/** Measures the maximum speed of Apollo Server on Fastify. */
const measureBaseline = async (seconds: number) => {
  const port = await freePort()
  const server = await ServerProcess.start(join(__dirname, 'baseline-server.js'), [String(port)])
  try {
    const session = new HttpSession(`http://127.0.0.1:${port}`)
    return {
      page: await measure(seconds, () => session.query(users, { first: 25 })),
      typename: await measure(seconds, () => session.query('{ __typename }')),
    }
  } finally {
    await server.stop()
  }
}

const pageNames = { first: 'first page', deep: 'deep page', search: 'search' } as const

/** Measures the Users table: both engines, several sizes, a constant array, and Better Auth. */
export const measureUsers = async (
  engines: readonly Engine[],
  sizes: readonly number[],
  other: BetterAuth,
  otherCount: number,
  seconds: number,
  say: (line: string) => void,
): Promise<Figure[]> => {
  const figures: Figure[] = []
  const baseline = await measureBaseline(seconds)
  const memory = baseline.page.perSecond
  figures.push({
    name: 'page from a constant array',
    value: memory,
    unit: '/s',
    ratio: memory / baseline.typename.perSecond,
    of: 'bare { __typename }',
  })
  const theirs = await measureOtherPages(other, otherCount, seconds)
  for (const engine of engines) {
    const baselines = new Map<string, number>()
    for (const size of sizes) {
      say(`${engine} with ${size.toLocaleString('en')} users.`)
      const data = await RekeyData.make(engine, size)
      const rates = await measurePages(data, seconds)
      await data.remove()
      for (const kind of ['first', 'deep', 'search'] as const) {
        const name = `${pageNames[kind]}, ${size.toLocaleString('en')} users, ${engine}`
        const rate = rates[kind]
        const p99 = percentile(rate.times, 0.99)
        const base = baselines.get(kind) ?? p99
        baselines.set(kind, base)
        figures.push(
          {
            name,
            value: rate.perSecond,
            unit: '/s',
            ratio: rate.perSecond / memory,
            of: 'the page from memory',
          },
          {
            name: `${name}, p99`,
            value: p99,
            unit: 'ms',
            ratio: p99 / base,
            of: `${(sizes[0] ?? 0).toLocaleString('en')} users`,
            aim: '2 or less; search under 100 ms',
          },
        )
        if (engine === 'SQLite' && size === otherCount) {
          figures.push({
            name: `${pageNames[kind]}, ${size.toLocaleString('en')} users, Better Auth`,
            value: theirs[kind].perSecond,
            unit: '/s',
            ratio: rate.perSecond / theirs[kind].perSecond,
            of: 'how many times faster Rekey is',
            aim: '10 or more',
          })
        }
      }
    }
  }
  return figures
}
