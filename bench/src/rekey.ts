import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type ThrowAwayDatabase, throwAwayDatabase } from '@rekey/server/testing'
import { HttpSession } from './http-session.js'
import { ServerProcess } from './server-process.js'

const serverDir = join(__dirname, '..', '..', 'server')

/** The password of all generated users. */
export const password = 'Quiet-Harbour-72'

/** The login of the owner. */
export const ownerLogin = 'olivia@bench.example'

/** The measured engines. */
export type Engine = 'SQLite' | 'PostgreSQL'

/** A database with a number of users, on which servers can be started repeatedly. */
export class RekeyData {
  private constructor(
    private readonly dir: string,
    private readonly throwAway: ThrowAwayDatabase | null,
  ) {}

  /** Creates and fills the database. */
  static async make(engine: Engine, users: number): Promise<RekeyData> {
    const dir = await mkdtemp(join(tmpdir(), 'rekey-bench-'))
    const throwAway = engine === 'PostgreSQL' ? await throwAwayDatabase() : null
    const data = new RekeyData(dir, throwAway)
    // The first start creates the tables and the owner.
    await (await data.start()).stop()
    execFileSync(
      process.execPath,
      [join(serverDir, 'dist', 'demo', 'seed.js'), '--users', String(users)],
      {
        env: { ...process.env, ...data.environment() },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
    return data
  }

  /** Starts a server on the database. */
  async start(): Promise<Rekey> {
    const port = await freePort()
    const server = await ServerProcess.start(join(serverDir, 'dist', 'main.js'), [], {
      ...this.environment(),
      PORT: String(port),
      LOG_LEVEL: 'warn',
      // Here all load comes from one address.
      THROTTLE_PER_ADDRESS: '1000000',
      THROTTLE_PER_LOGIN: '1000000',
      RATE_LIMIT_PER_ADDRESS: '0',
      BOOTSTRAP_OWNER_LOGIN: ownerLogin,
      BOOTSTRAP_OWNER_PASSWORD: password,
    })
    return new Rekey(`http://127.0.0.1:${port}`, server)
  }

  async remove(): Promise<void> {
    await this.throwAway?.drop()
    await rm(this.dir, { recursive: true, force: true })
  }

  private environment(): Record<string, string> {
    return { DATA_DIR: this.dir, DATABASE_URL: this.throwAway?.url ?? '' }
  }
}

interface UsersPage {
  readonly users: {
    readonly nodes: readonly { readonly login: string }[]
    readonly pageInfo: { readonly endCursor: string | null }
  }
}

/** The built server, ready for requests. */
export class Rekey {
  constructor(
    readonly url: string,
    readonly server: ServerProcess,
  ) {}

  /** A browser that is not signed in. */
  browser(): HttpSession {
    return new HttpSession(this.url)
  }

  /** The owner, signed in. */
  async owner(): Promise<HttpSession> {
    const browser = this.browser()
    await logIn(browser, ownerLogin)
    return browser
  }

  /** The logins of a number of users with this role who can sign in. */
  async logins(count: number, role = 'MEMBER'): Promise<string[]> {
    const owner = await this.owner()
    const logins: string[] = []
    let after: string | null = null
    do {
      const { users }: UsersPage = await owner.query<UsersPage>(
        `query ($first: Int, $after: String, $role: Role!) {
          users(first: $first, after: $after, filter: { statuses: [ACTIVE], roles: [$role] }) {
            nodes { login } pageInfo { endCursor }
          }
        }`,
        { first: Math.min(100, count - logins.length), after, role },
      )
      if (users.nodes.length === 0) throw new Error('There are not enough users.')
      logins.push(...users.nodes.map(user => user.login))
      after = users.pageInfo.endCursor
    } while (logins.length < count)
    return logins
  }

  stop(): Promise<void> {
    return this.server.stop()
  }
}

/** Signs a user in. */
export const logIn = async (browser: HttpSession, login: string): Promise<void> => {
  const answer = await browser.query<{ logIn: { user: unknown } }>(
    'mutation ($input: LogInInput!) { logIn(input: $input) { user { id } errors { __typename } } }',
    { input: { login, password } },
  )
  if (answer.logIn.user === null) throw new Error(`${login} was not signed in.`)
}

/** Changes the password of the signed-in user. */
export const changePassword = async (
  browser: HttpSession,
  currentPassword: string,
  newPassword: string,
): Promise<void> => {
  const { changePassword: payload } = await browser.query<{
    changePassword: { errors: unknown[] }
  }>(
    'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { errors { __typename } } }',
    { input: { currentPassword, newPassword } },
  )
  if (payload.errors.length > 0) throw new Error(JSON.stringify(payload))
}
