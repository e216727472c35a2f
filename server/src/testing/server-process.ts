import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const mainFile = join(__dirname, '../../dist/main.js')

/** The built server in its own process, which can be killed. */
export class ServerProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly printed: readonly string[],
  ) {}

  /** Starts the server on a free port and waits until it is ready. Hashes are cheap. */
  static async start(
    dir: string,
    environment: Record<string, string>,
    args: readonly string[] = [],
  ): Promise<ServerProcess> {
    if (!existsSync(mainFile)) throw new Error('Build the server first: npm run build.')
    const child = spawn(process.execPath, [mainFile, ...args], {
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        DATA_DIR: dir,
        LOG_LEVEL: 'silent',
        ARGON2_MEMORY_KIB: '64',
        ARGON2_PASSES: '1',
        ARGON2_ALLOW_WEAK: 'true',
        THROTTLE_PER_LOGIN: '100000',
        THROTTLE_PER_ADDRESS: '100000',
        RATE_LIMIT_PER_ADDRESS: '0',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const printed: string[] = []
    const port = await new Promise<string>((ready, failed) => {
      child.once('exit', code => failed(new Error(`The server ended with ${code}.`)))
      child.stdout?.on('data', chunk => {
        printed.push(String(chunk))
        const [, found] = /is ready at \S+:(\d+)/.exec(printed.join('')) ?? []
        if (found !== undefined) ready(found)
      })
    })
    child.removeAllListeners('exit')
    return new ServerProcess(`http://127.0.0.1:${port}`, child, printed)
  }

  /** The output of the server so far, including the log. */
  output(): string {
    return this.printed.join('')
  }

  /** Asks the server to stop, and waits until it has stopped. */
  async stop(): Promise<void> {
    const ended = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await ended
  }

  /** Kills the server at once, whatever it is doing. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await ended
  }

  /** Asks the server to stop. */
  terminate(): void {
    this.child.kill('SIGTERM')
  }

  /** Waits until the server has ended, and returns its exit code. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit')
    }
    return this.child.exitCode
  }
}
