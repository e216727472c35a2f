import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** A server as a process of its own, started and measured. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** From its start until it said that it is ready, in milliseconds. */
    readonly startedInMs: number,
  ) {}

  /** Starts it and waits until it prints that it is ready. */
  static async start(
    file: string,
    args: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<ServerProcess> {
    const begun = performance.now()
    const child = spawn(process.execPath, [file, ...args], {
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise<void>((ready, failed) => {
      child.once('exit', code => failed(new Error(`${file} ended with ${code}.`)))
      child.stdout?.on('data', chunk => /is ready/.test(String(chunk)) && ready())
    })
    return new ServerProcess(child, performance.now() - begun)
  }

  /** Memory it holds now, in MiB; NaN where the system does not tell. */
  memoryMiB(): number {
    return this.readMemory('VmRSS')
  }

  /** The most memory it ever held, in MiB; NaN where the system does not tell. */
  peakMemoryMiB(): number {
    return this.readMemory('VmHWM')
  }

  async stop(): Promise<void> {
    this.child.removeAllListeners('exit')
    const ended = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await ended
  }

  private readMemory(name: string): number {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8')
      return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024
    } catch {
      return Number.NaN
    }
  }
}
