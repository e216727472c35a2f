import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@rekey/server/testing'

const projectDir = join(__dirname, '..', '..')

/** The password of everyone in the demo. */
export const demoPassword = 'Quiet-Harbour-72'

const agent = new Agent({ keepAlive: true, maxSockets: 512 })

/** The plainest way to send a request: fetch takes five times as much of the processor. */
const post = (
  url: string,
  cookie: string,
  body: unknown,
): Promise<{ cookies: string[]; body: string }> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', cookie }
    const asked = request(url, { method: 'POST', agent, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          cookies: response.headers['set-cookie'] ?? [],
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(body))
  })

/** One browser: it keeps its session cookie. */
export class Browser {
  private cookie = ''

  constructor(private readonly url: string) {}

  /** Sends a GraphQL request; throws unless it is answered without GraphQL's own errors. */
  async send<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const answer = await post(`${this.url}/graphql`, this.cookie, { query, variables })
    const cookies = answer.cookies.map(one => one.split(';', 1)[0])
    if (cookies.length > 0) this.cookie = cookies.join('; ')
    const { data, errors } = JSON.parse(answer.body) as { data: Data; errors?: unknown[] }
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data
  }

  /** Signs in. */
  async logIn(login: string, password: string): Promise<void> {
    const { logIn } = await this.send<{ logIn: { user: unknown } }>(
      'mutation ($input: LogInInput!) { logIn(input: $input) { user { id } errors { __typename } } }',
      { input: { login, password } },
    )
    if (logIn.user === null) throw new Error(`${login} was not signed in: ${JSON.stringify(logIn)}`)
  }

  /** Changes the password of who is signed in. */
  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    const { changePassword } = await this.send<{ changePassword: { errors: unknown[] } }>(
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { errors { __typename } } }',
      { input: { currentPassword, newPassword } },
    )
    if (changePassword.errors.length > 0) throw new Error(JSON.stringify(changePassword))
  }
}

/** The built server on a database of its own, filled with the demo. */
export class RekeyProcess {
  private peakKiB = 0

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly dir: string,
  ) {}

  /** Starts it and waits until it is ready. */
  static async start(environment: Record<string, string> = {}): Promise<RekeyProcess> {
    const dir = await mkdtemp(join(tmpdir(), 'rekey-bench-'))
    const port = await freePort()
    const child = spawn(process.execPath, [join(projectDir, 'server/dist/main.js'), '--demo'], {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: String(port),
        DATA_DIR: dir,
        LOG_LEVEL: 'warn',
        // All load comes from one address here.
        THROTTLE_PER_ADDRESS: '1000000',
        THROTTLE_PER_LOGIN: '1000000',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise<void>((ready, failed) => {
      child.once('exit', code => failed(new Error(`The server ended with ${code}.`)))
      child.stdout?.on('data', chunk => /is ready/.test(String(chunk)) && ready())
    })
    return new RekeyProcess(`http://127.0.0.1:${port}`, child, dir)
  }

  /** A browser that is not signed in. */
  browser(): Browser {
    return new Browser(this.url)
  }

  /** Logins of so many people who can sign in. */
  async logins(count: number): Promise<string[]> {
    const owner = this.browser()
    await owner.logIn('olivia@demo.example', demoPassword)
    const { users } = await owner.send<{ users: { nodes: { login: string }[] } }>(
      `{ users(first: ${count}, filter: { statuses: [ACTIVE], roles: [MEMBER] }) { nodes { login } } }`,
    )
    return users.nodes.map(user => user.login)
  }

  /** Memory it holds now, in MiB; null where the system does not tell. */
  memoryMiB(): number | null {
    const rss = this.readMemory('VmRSS')
    return rss === null ? null : rss / 1024
  }

  /** The most memory it ever held, in MiB; null where the system does not tell. */
  peakMemoryMiB(): number | null {
    this.peakKiB = Math.max(this.peakKiB, this.readMemory('VmHWM') ?? 0)
    return this.peakKiB === 0 ? null : this.peakKiB / 1024
  }

  /** Stops it and removes its data. */
  async stop(): Promise<void> {
    this.child.removeAllListeners('exit')
    const ended = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await ended
    await rm(this.dir, { recursive: true, force: true })
  }

  private readMemory(name: string): number | null {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8')
      return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) || null
    } catch {
      return null
    }
  }
}
