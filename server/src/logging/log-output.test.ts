import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { freePort } from '../testing/free-port.js'
import { LogOutput } from './log-output.js'

const mainFile = join(__dirname, '../../dist/main.js')

let dir: string
let child: ChildProcess | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-log-'))
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await rm(dir, { recursive: true, force: true })
})

/** Starts the built server with this standard output and error. Returns its URL once it answers. */
const start = async (stdio: StdioOptions): Promise<string> => {
  if (!existsSync(mainFile)) throw new Error('Build the server first: npm run build.')
  const port = await freePort()
  const env = { PATH: process.env.PATH, PORT: String(port), DATA_DIR: dir, METRICS_TOKEN: token }
  child = spawn(process.execPath, [mainFile], { env, stdio })
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error('The server ended.')
    await wait(50)
  }
  return url
}

const token = 'a-token-for-the-metrics-of-this-test'

const lostLinesAt = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  return Number(/^rekey_log_lines_lost_total (\d+)$/m.exec(await answer.text())?.[1])
}

/** Sends the server a number of requests, each with a long line in the log. */
const ask = async (url: string, times: number): Promise<void> => {
  for (let index = 0; index < times; index += 1) {
    const { status } = await fetch(`${url}/healthz/${'x'.repeat(8_000)}`)
    expect(status).toBe(200)
  }
}

const stop = async (): Promise<unknown> => {
  const ended = once(child as ChildProcess, 'exit')
  child?.kill('SIGTERM')
  const [code] = await ended
  return code
}

it('continues, counts lost lines and stops normally if the disk of its log is full', async () => {
  const full = openSync('/dev/full', 'w')
  const url = await start(['ignore', full, full])
  closeSync(full)
  await ask(url, 10)
  expect(await lostLinesAt(url)).toBeGreaterThanOrEqual(10)
  expect(await stop()).toBe(0)
})

it('continues, counts lost lines and stops normally if the reader of its log has ended', async () => {
  const url = await start(['ignore', 'pipe', 'pipe'])
  child?.stdout?.destroy()
  child?.stderr?.destroy()
  await ask(url, 10)
  expect(await lostLinesAt(url)).toBeGreaterThan(0)
  expect(await stop()).toBe(0)
})

it('continues, counts lost lines and stops normally if the reader of its log stalls', async () => {
  // No one reads the pipe. It can store 64 KiB, and the server 1 MiB.
  const url = await start(['ignore', 'pipe', 'pipe'])
  await ask(url, 200)
  expect(await lostLinesAt(url)).toBeGreaterThan(0)
  expect(await stop()).toBe(0)
})

it('starts a new line after one that was cut off, and reports how many were lost', () => {
  const file = join(dir, 'log')
  const stream = Object.assign(new PassThrough(), { fd: openSync('/dev/full', 'w') })
  const output = new LogOutput(stream as unknown as typeof process.stdout)
  const recovered = new Promise<number>(done => {
    output.onRecovered = done
  })
  output.write('first\n')
  output.write('second\n')
  expect(output.lostLines).toBe(2)
  stream.fd = openSync(file, 'w') as never
  output.write('third\n')
  expect(readFileSync(file, 'utf8')).toBe('third\n')
  return expect(recovered).resolves.toBe(2)
})
