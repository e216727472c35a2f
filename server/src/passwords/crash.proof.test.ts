import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { openDatabase } from '../database/open-database.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { OperationService } from '../operations/operation.service.js'
import { SecretBox } from '../secrets/secret-box.service.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { repetitions } from '../testing/repetitions.js'
import { ServerProcess } from '../testing/server-process.js'
import { TestClient } from '../testing/test-server.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import { UserEntity } from '../users/user.entity.js'
import { PasswordHistoryEntity } from './password-history.entity.js'

// PostgreSQL tests its own crashes. Fewer rounds suffice to show that the transactions are the same.
const rounds = repetitions(20, process.env.TEST_POSTGRES_URL ? 50 : 200)
const chains = 2
const login = 'olivia@rekey.example'
const passwordOf = (number: number) => `Brisk-Meadow-${1000 + number}`

/** The data that the rounds of a chain share: that of one server, which is killed repeatedly. */
interface Data {
  readonly dir: string
  readonly throwAway: ThrowAwayDatabase | null
}

const environmentOf = ({ throwAway }: Data) => ({
  DATABASE_URL: throwAway?.url ?? '',
  DATABASE_POOL_SIZE: '4',
  BOOTSTRAP_OWNER_LOGIN: login,
  BOOTSTRAP_OWNER_PASSWORD: passwordOf(0),
})

/** The subject of the notices to count, because a sign-in sends other notices. */
const subject = 'Your password was changed'

/** Everything that a change stores, read from the database itself. */
const tracesIn = async (data: Data) => {
  const { dir } = data
  const config = readConfig({ DATA_DIR: dir, ...environmentOf(data) }, dir)
  const database = await openDatabase(config.database, entities)
  try {
    const verdict = await new OperationService(
      database,
      new SecretBox(database, config.secrets),
    ).verify()
    return await database.read(async unit => {
      const user = await unit.rows(UserEntity).findOneByOrFail({})
      const waiting = await unit.rows(OutboxMailEntity).findBy({ subject })
      const files = await readdir(join(dir, 'outbox')).catch(() => [])
      const mails = files.filter(name => name.endsWith('.eml'))
      const delivered: string[] = []
      for (const name of mails) {
        const mail = await readFile(join(dir, 'outbox', name), 'utf8')
        if (mail.includes(`Subject: ${subject}`)) delivered.push(name.slice(0, -4))
      }
      return {
        user,
        chain: verdict.kind,
        done: await unit
          .rows(OperationEntity)
          .countBy({ action: 'CHANGE_PASSWORD', outcome: 'DONE' }),
        history: await unit.rows(PasswordHistoryEntity).countBy({ userId: user.id }),
        // Counts a mail once if it is delivered but still in the queue.
        mails: new Set([...waiting.map(mail => mail.id), ...delivered]).size,
        sessions: await unit.rows(SessionEntity).find({ order: { id: 'ASC' } }),
      }
    })
  } finally {
    await database.close()
  }
}

let chainsData: Data[]
beforeAll(async () => {
  chainsData = await Promise.all(
    Array.from({ length: chains }, async () => ({
      dir: await mkdtemp(join(tmpdir(), 'rekey-crash-')),
      throwAway: await throwAwayDatabase(),
    })),
  )
})
afterAll(async () => {
  for (const { dir, throwAway } of chainsData) {
    await throwAway?.drop()
    await rm(dir, { recursive: true, force: true })
  }
})

/** Kills the server during one change after another; returns how many of them it saved. */
const runChain = async (data: Data, count: number): Promise<number> => {
  let server = await ServerProcess.start(data.dir, environmentOf(data))
  let current = 0
  const known = new TestClient(server.url)
  await known.logIn(login, passwordOf(0))
  /** A browser that has signed in before. A sign-in in an unknown browser would send another mail. */
  const browser = () => {
    const client = new TestClient(server.url)
    client.take(known)
    return client
  }
  try {
    // The first change is not killed. It shows how long a change takes here.
    // Each round corrects that.
    const beganAt = performance.now()
    current = count + 1
    await known.changePassword({
      currentPassword: passwordOf(0),
      newPassword: passwordOf(current),
    })
    let changed = 1
    let killedWithinMs = 2 * (performance.now() - beganAt)
    for (let round = 1; round <= count; round += 1) {
      const client = browser()
      const elsewhere = browser()
      for (const one of [client, elsewhere]) await one.logIn(login, passwordOf(current))
      const answering = client
        .changePassword({ currentPassword: passwordOf(current), newPassword: passwordOf(round) })
        .then(
          answer => answer.data.changePassword.errors.length === 0,
          () => false,
        )
      await new Promise(later => setTimeout(later, Math.random() * killedWithinMs))
      await server.kill()
      const wasAnswered = await answering

      const traces = await tracesIn(data)
      server = await ServerProcess.start(data.dir, environmentOf(data))
      const worksWith = async (number: number) =>
        (await browser().logIn(login, passwordOf(number))).data.logIn.user !== null
      const [oldWorks, newWorks] = [await worksWith(current), await worksWith(round)]
      expect([oldWorks, newWorks].filter(Boolean)).toHaveLength(1)
      killedWithinMs *= newWorks ? 0.85 : 1.15
      if (newWorks) {
        changed += 1
        current = round
      }
      if (wasAnswered) expect(newWorks).toBe(true)
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
    return changed - 1
  } finally {
    await server.kill()
  }
}

describe('a change of password', () => {
  it(`is saved completely or not at all if the server is killed, in ${rounds} rounds`, async () => {
    const counts = await Promise.all(chainsData.map(data => runChain(data, rounds / chains)))
    const changed = counts.reduce((sum, count) => sum + count, 0)
    // Some kills must come before the change is saved and some after it. Otherwise the test shows nothing.
    expect(changed).toBeGreaterThan(rounds / 20)
    expect(changed).toBeLessThan(rounds - rounds / 20)
  }, 900_000)
})
