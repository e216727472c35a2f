import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** A server in its own process, which is measured. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** The time from its start until it reported that it is ready, in milliseconds. */
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

  /** The current memory use in MiB; NaN if the system does not report it. */
  memoryMiB(): number {
    return this.readMemory('VmRSS')
  }

  /** The peak memory use in MiB; NaN if the system does not report it. */
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
