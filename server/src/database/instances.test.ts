import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { createFeatures, entities, type Services } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { Mailbox } from '../testing/mailbox.js'
import { ServerProcess } from '../testing/server-process.js'
import { TestClient } from '../testing/test-server.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import { UserEntity } from '../users/user.entity.js'
import type { Database } from './database.js'
import { openDatabase } from './open-database.js'

const people = 12
const changesEach = 12
const freeAttempts = 1_000
const passwordOf = (number: number) => `Brisk-Meadow-${1000 + number}`
const loginOf = (number: number) => `person${number}@rekey.example`

let dir: string
let throwAway: ThrowAwayDatabase
let mailbox: Mailbox
let database: Database
let services: Services
let instances: [ServerProcess, ServerProcess]

/** Changes the password of one user again and again, on any instance that answers. */
const keepChanging = async (number: number, onChange: () => void): Promise<number> => {
  let current = 0
  for (let round = 1; round <= changesEach; round += 1) {
    const instance = instances[(number + round) % 2] ?? instances[1]
    const client = new TestClient(instance.url)
    const changed = await client
      .logIn(loginOf(number), passwordOf(current))
      .then(() =>
        client.changePassword({
          currentPassword: passwordOf(current),
          newPassword: passwordOf(round),
        }),
      )
      .then(answer => answer.data.changePassword.errors.length === 0)
      // The instance was killed during the request or before.
      .catch(() => null)
    const worksAtOther = async (): Promise<boolean> => {
      const answer = await new TestClient(instances[1].url).logIn(
        loginOf(number),
        passwordOf(round),
      )
      if (answer.data) return answer.data.logIn.user !== null
      // A busy server does nothing and says when to ask again (docs/api.md).
      const retryAfterSeconds = answer.errors?.[0].extensions.retryAfterSeconds
      if (typeof retryAfterSeconds !== 'number') throw new Error(JSON.stringify(answer.errors))
      await wait(retryAfterSeconds * 1_000)
      return worksAtOther()
    }
    if (changed ?? (await worksAtOther())) {
      current = round
      onChange()
    }
  }
  return current
}

// One file has one server: several instances are for PostgreSQL.
const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip

onPostgres('two instances on one database', () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rekey-instances-'))
    const newDatabase = await throwAwayDatabase()
    if (newDatabase === null) throw new Error('There is no PostgreSQL.')
    throwAway = newDatabase
    const started = await Mailbox.start()
    mailbox = started.mailbox
    const environment = {
      DATABASE_URL: throwAway.url,
      DATABASE_POOL_SIZE: '8',
      SMTP_URL: started.url,
      MAIL_CLAIM_SECONDS: '10',
      THROTTLE_PER_LOGIN: String(freeAttempts),
      BOOTSTRAP_OWNER_LOGIN: 'olivia@rekey.example',
      BOOTSTRAP_OWNER_PASSWORD: passwordOf(0),
    }
    // Both start at once on an empty database. One of them creates the tables and the owner.
    instances = await Promise.all([
      ServerProcess.start(dir, environment),
      ServerProcess.start(dir, environment),
    ])
    const config = readConfig({ ...environment, DATA_DIR: dir }, dir)
    database = await openDatabase(config.database, entities)
    services = createFeatures(config, database).services
    const passwordHash = await services.hasher.hashPassword(passwordOf(0))
    await database.write(unit =>
      services.users.add(
        unit,
        Array.from({ length: people }, (_, number) => ({
          login: loginOf(number),
          firstName: 'Some',
          lastName: `Person ${number}`,
          phone: null,
          language: 'en',
          role: 'MEMBER' as const,
          status: 'ACTIVE' as const,
          passwordHash,
        })),
      ),
    )
  }, 600_000)
  afterAll(async () => {
    for (const instance of instances ?? []) await instance.kill()
    await database?.close()
    await throwAway?.drop()
    await mailbox?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('creates one owner', async () => {
    expect(await database.read(unit => unit.rows(UserEntity).countBy({ role: 'OWNER' }))).toBe(1)
  })

  it('shares sessions: started on one instance, ended on the other', async () => {
    const [one, other] = instances.map(instance => new TestClient(instance.url)) as [
      TestClient,
      TestClient,
    ]
    await one.logIn('olivia@rekey.example', passwordOf(0))
    other.take(one)
    expect(await other.whoAmI()).toBe('olivia@rekey.example')
    await other.query('mutation { logOut { errors { message } } }')
    expect(await one.whoAmI()).toBeNull()
  })

  it('shares the counts of wrong passwords', async () => {
    const attempts = freeAttempts + 20
    let waits = 0
    await Promise.all(
      Array.from({ length: 20 }, async (_, worker) => {
        const client = new TestClient(instances[worker % 2]?.url ?? '')
        for (let count = worker; count < attempts; count += 20) {
          const answer = await client.logIn('olivia@rekey.example', 'Wrong-One-123')
          const [error] = answer.data.logIn.errors
          if (error.__typename === 'TooManyAttempts') waits += 1
        }
      }),
    )
    // Half of the attempts would have been free if each instance had counted separately.
    expect(waits).toBeGreaterThan(0)
  }, 600_000)

  it('sends one mail for each forgotten password', async () => {
    await Promise.all(
      Array.from({ length: people }, (_, number) =>
        new TestClient(instances[number % 2]?.url ?? '').requestPasswordReset(loginOf(number)),
      ),
    )
    const resets = () => mailbox.mails.filter(mail => mail.subject === 'Reset your password')
    while (resets().length < people) await wait(50)
    // Waits for a second mail that the other instance might send.
    await wait(1_000)
    const recipients = resets().map(mail => [mail.to].flat()[0]?.text)
    const logins = Array.from({ length: people }, (_, number) => loginOf(number))
    expect(recipients.sort()).toEqual(logins.sort())
  }, 600_000)

  it('loses nothing if one instance is killed under load', async () => {
    let changes = 0
    const killAt = (people * changesEach) / 3
    let killed: Promise<void> | undefined
    await Promise.all(
      Array.from({ length: people }, (_, number) =>
        keepChanging(number, () => {
          changes += 1
          if (changes >= killAt) killed ??= instances[0].kill()
        }),
      ),
    )
    await killed
    expect(changes).toBeGreaterThan(killAt)

    // The remaining instance completes what the other had started.
    const left = async () => database.read(unit => unit.rows(OutboxMailEntity).count())
    while ((await left()) > 0) await wait(200)
    const messageIds = mailbox.mails
      .filter(mail => mail.subject === 'Your password was changed')
      .map(mail => mail.messageId)
    expect(new Set(messageIds).size).toBe(changes)
    // Only mails that were being sent when their instance was killed can arrive twice.
    expect(messageIds.length - changes).toBeLessThanOrEqual(8)

    const done = await database.read(unit =>
      unit.rows(OperationEntity).countBy({ action: 'CHANGE_PASSWORD', outcome: 'DONE' }),
    )
    expect(done).toBe(changes)
    const unchained = () =>
      database.read(unit => unit.query(SQL`SELECT 1 FROM operations WHERE number IS NULL`))
    while ((await unchained()).length > 0) await wait(200)
    expect(await services.operations.verify()).toMatchObject({ kind: 'unbroken' })
  }, 600_000)
})
