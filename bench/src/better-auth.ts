import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@rekey/server/testing'
import { HttpSession } from './http-session.js'
import { password } from './rekey.js'
import { ServerProcess } from './server-process.js'

const file = join(__dirname, '..', 'better-auth', 'server.mjs')

/** Better Auth on its own SQLite file; see better-auth/server.mjs. */
export class BetterAuth {
  private constructor(
    private readonly dir: string,
    private readonly port: number,
    private readonly users: number,
    /** Replaced by {@link restart}. */
    public server: ServerProcess,
  ) {}

  /** Creates and fills the file, and starts the server. */
  static async start(users: number): Promise<BetterAuth> {
    const dir = await mkdtemp(join(tmpdir(), 'rekey-bench-'))
    const port = await freePort()
    return new BetterAuth(dir, port, users, await start(dir, port, users))
  }

  /** Restarts the server on the existing file. */
  async restart(): Promise<void> {
    await this.server.stop()
    this.server = await start(this.dir, this.port, this.users)
  }

  browser(): HttpSession {
    return new HttpSession(`http://127.0.0.1:${this.port}`)
  }

  /** Signs in a user who may list users. */
  async admin(): Promise<HttpSession> {
    const browser = this.browser()
    await this.logIn(browser, 0)
    return browser
  }

  async logIn(browser: HttpSession, number: number): Promise<void> {
    const email = `person.${number}@seed.example`
    await browser.send('POST', '/api/auth/sign-in/email', { email, password })
  }

  async changePassword(browser: HttpSession, from: string, to: string): Promise<void> {
    const change = { currentPassword: from, newPassword: to, revokeOtherSessions: true }
    await browser.send('POST', '/api/auth/change-password', change)
  }

  async stop(): Promise<void> {
    await this.server.stop()
    await rm(this.dir, { recursive: true, force: true })
  }
}

const start = (dir: string, port: number, users: number): Promise<ServerProcess> =>
  ServerProcess.start(file, [join(dir, 'better-auth.sqlite'), String(port), String(users)])
