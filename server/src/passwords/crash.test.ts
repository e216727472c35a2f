import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Database } from '../database/database.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { OperationService } from '../operations/operation.service.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { TestClient } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import { PasswordHistoryEntity } from './password-history.entity.js'

const rounds = 200
const chains = 2
const mainFile = join(__dirname, '../../dist/main.js')
const login = 'olivia@rekey.example'
const passwordOf = (number: number) => `Brisk-Meadow-${1000 + number}`

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

/** The built server as a process of its own, which can be killed. */
const startProcess = async (dir: string, port: number): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [mainFile], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: dir,
      LOG_LEVEL: 'silent',
      ARGON2_MEMORY_KIB: '64',
      ARGON2_PASSES: '1',
      THROTTLE_PER_LOGIN: '100000',
      THROTTLE_PER_ADDRESS: '100000',
      BOOTSTRAP_OWNER_LOGIN: login,
      BOOTSTRAP_OWNER_PASSWORD: passwordOf(0),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((ready, failed) => {
    child.once('exit', code => failed(new Error(`The server ended with ${code}.`)))
    child.stdout?.on('data', chunk => /is ready/.test(String(chunk)) && ready())
  })
  child.removeAllListeners('exit')
  return child
}

const kill = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** All that a change leaves behind, read from the file itself. */
const tracesIn = async (dir: string) => {
  const database = await Database.open(join(dir, 'rekey.sqlite'))
  try {
    const verdict = await new OperationService(database).verify()
    return await database.read(async unit => {
      const user = await unit.rows(UserEntity).findOneByOrFail({})
      const waiting = await unit.rows(OutboxMailEntity).find()
      const files = await readdir(join(dir, 'outbox')).catch(() => [])
      const delivered = files.filter(name => name.endsWith('.eml')).map(name => name.slice(0, -4))
      return {
        user,
        chain: verdict.kind,
        done: await unit
          .rows(OperationEntity)
          .countBy({ action: 'CHANGE_PASSWORD', outcome: 'DONE' }),
        history: await unit.rows(PasswordHistoryEntity).countBy({ userId: user.id }),
        // One that is delivered but not yet crossed off is still one.
        mails: new Set([...waiting.map(mail => mail.id), ...delivered]).size,
        sessions: await unit.rows(SessionEntity).find({ order: { id: 'ASC' } }),
      }
    })
  } finally {
    await database.close()
  }
}

let dirs: string[]
beforeAll(async () => {
  if (!existsSync(mainFile)) throw new Error('Build the server first: npm run build.')
  dirs = await Promise.all(
    Array.from({ length: chains }, () => mkdtemp(join(tmpdir(), 'rekey-crash-'))),
  )
})
afterAll(async () => {
  for (const dir of dirs) await rm(dir, { recursive: true, force: true })
})

/** Kills the server during one change after another; gives how many of them were through. */
const runChain = async (dir: string, count: number): Promise<{ changed: number; told: number }> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child = await startProcess(dir, port)
  let current = 0
  let changed = 0
  let told = 0
  try {
    for (let round = 1; round <= count; round += 1) {
      const client = new TestClient(url)
      const elsewhere = new TestClient(url)
      for (const one of [client, elsewhere]) await one.logIn(login, passwordOf(current))
      const answering = client
        .changePassword({ currentPassword: passwordOf(current), newPassword: passwordOf(round) })
        .then(
          answer => answer.data.changePassword.errors.length === 0,
          () => false,
        )
      await new Promise(later => setTimeout(later, Math.random() * 30))
      await kill(child)
      const wasTold = await answering

      const traces = await tracesIn(dir)
      child = await startProcess(dir, port)
      const worksWith = async (number: number) =>
        (await new TestClient(url).logIn(login, passwordOf(number))).data.logIn.user !== null
      const [oldWorks, newWorks] = [await worksWith(current), await worksWith(round)]
      expect([oldWorks, newWorks].filter(Boolean)).toHaveLength(1)
      if (newWorks) {
        changed += 1
        current = round
      }
      if (wasTold) {
        told += 1
        expect(newWorks).toBe(true)
      }
      expect(traces).toMatchObject({
        chain: 'unbroken',
        done: changed,
        mails: changed,
        history: Math.min(changed, 4),
      })
      const [own, other] = traces.sessions.slice(-2)
      expect(own?.endReason).toBeNull()
      expect(other?.endReason).toBe(newWorks ? 'PASSWORD_CHANGED' : null)
    }
    return { changed, told }
  } finally {
    await kill(child)
  }
}

describe('a server that is killed during a change', () => {
  it(`has made it wholly or not at all, in ${rounds} rounds`, async () => {
    const outcomes = await Promise.all(dirs.map(dir => runChain(dir, rounds / chains)))
    const changed = outcomes.reduce((sum, outcome) => sum + outcome.changed, 0)
    // Killed before as well as after: else the test would have shown nothing.
    expect(changed).toBeGreaterThan(rounds / 20)
    expect(changed).toBeLessThan(rounds - rounds / 20)
  }, 900_000)
})
