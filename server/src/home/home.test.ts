import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { uuidv7 } from 'uuidv7'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { apiTokenOf, dayMs } from '../testing/api-token-client.js'
import { asCaller, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import { WebhookEntity } from '../webhooks/webhook.entity.js'
import { HomeFiguresEntity } from './home-figures.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const homeQuery = `{
  home {
    countedAt
    people {
      active invited blocked withSecondFactor expiredInvitations
      mustChangePassword { count exact }
      expiringInvitations { count exact }
    }
    oldestPasswords { id }
    signIns { date succeeded failed }
    webhooks { failing disabled }
    mails { waiting failed }
    setup { step done skipped }
  }
}`

const homeOf = async (client: TestClient) => {
  const { data, errors } = await client.query(homeQuery)
  return data?.home ?? errors
}

const count = () => server.services.homeFigures.count()

/** Counts after every operation has its number. */
const countSignIns = async () => {
  await server.services.operations.idle()
  await count()
}

const dateOf = (at: Date) => at.toISOString().slice(0, 10)

describe('the figures of Home', () => {
  let owner: UserEntity
  let client: TestClient
  beforeAll(async () => {
    owner = await server.addUser({ role: 'OWNER' })
    client = await server.signedIn(owner)
  })

  it('count users by status, and active users with a second factor once', async () => {
    await server.addUser({ status: 'BLOCKED' })
    const [protectedUser, blocked] = [
      await server.addUser(),
      await server.addUser({ status: 'BLOCKED' }),
    ]
    await server.database.write(async unit => {
      for (const userId of [protectedUser.id, protectedUser.id, blocked.id]) {
        await unit.rows(SecondFactorEntity).insert({
          ...{ id: uuidv7(), userId, method: 'TOTP', name: 'Phone', createdAt: new Date() },
        })
      }
    })
    await count()
    const { people, countedAt } = await homeOf(client)
    expect(people).toMatchObject({ active: 2, blocked: 2, invited: 0, withSecondFactor: 1 })
    expect(Date.parse(countedAt)).toBeLessThanOrEqual(Date.now())
  })

  it('count invitations that expire soon, and those that no longer work', async () => {
    const days = [1, 5, -1]
    for (const inDays of days) {
      const user = await server.addUser({ status: 'INVITED' })
      await server.database.write(unit =>
        unit.rows(OneTimeLinkEntity).insert({
          id: uuidv7(),
          purpose: 'INVITATION',
          tokenHash: uuidv7(),
          userId: user.id,
          sentToLogin: true,
          createdAt: new Date(),
          expiresAt: new Date(Date.now() + inDays * dayMs),
          endReason: null,
        }),
      )
    }
    await count()
    expect((await homeOf(client)).people).toMatchObject({
      invited: 3,
      expiringInvitations: { count: 1, exact: true },
      expiredInvitations: 1,
    })
  })

  it('count users who must choose a new password, and list the oldest passwords of the others', async () => {
    const [oldest, old, required] = [
      await server.addUser(),
      await server.addUser(),
      await server.addUser(),
    ]
    const age = (id: string, days: number, mustChangePassword = false) =>
      server.database.write(unit =>
        unit
          .rows(UserEntity)
          .update(
            { id },
            { passwordChangedAt: new Date(Date.now() - days * dayMs), mustChangePassword },
          ),
      )
    await age(oldest.id, 900)
    await age(old.id, 800)
    await age(required.id, 1000, true)
    await count()
    const { people, oldestPasswords } = await homeOf(client)
    expect(people.mustChangePassword).toEqual({ count: 1, exact: true })
    expect(oldestPasswords.slice(0, 2)).toEqual([{ id: oldest.id }, { id: old.id }])
    expect(oldestPasswords).not.toContainEqual({ id: required.id })
  })

  it('count sign-ins and failures of the last 30 days by day, each once', async () => {
    await countSignIns()
    const today = async () => (await homeOf(client)).signIns.at(-1)
    const before = await today()
    expect(before.date).toBe(dateOf(new Date()))
    const member = await server.addUser()
    await server.client().logIn(member.login)
    await server.client().logIn(member.login, 'Wrong-Harbour-72')
    await countSignIns()
    const added = {
      date: before.date,
      succeeded: before.succeeded + 1,
      failed: before.failed + 1,
    }
    expect(await today()).toEqual(added)
    await countSignIns()
    expect(await today()).toEqual(added)
    const { signIns } = await homeOf(client)
    expect(signIns).toHaveLength(30)
    expect(signIns[0]).toEqual({
      date: dateOf(new Date(Date.now() - 29 * dayMs)),
      succeeded: 0,
      failed: 0,
    })
  })

  it('count the sign-ins again from the first one if the stored figures cannot be read', async () => {
    await countSignIns()
    const { signIns } = await homeOf(client)
    await server.database.write(unit =>
      unit.rows(HomeFiguresEntity).update({ id: 'account' }, { figures: '{"version":0}' }),
    )
    expect(await homeOf(client)).toMatchObject({ countedAt: null, people: null, signIns: null })
    await countSignIns()
    expect((await homeOf(client)).signIns).toEqual(signIns)
  })

  it('count webhooks that fail, and those that Rekey disabled', async () => {
    const webhook = (columns: Partial<WebhookEntity>) => ({
      id: uuidv7(),
      url: 'https://localhost.invalid/',
      description: '',
      events: [],
      secret: 'x',
      createdBy: owner.id,
      createdAt: new Date(),
      updatedAt: new Date(),
      ...columns,
    })
    const at = new Date()
    await server.database.write(async unit => {
      await unit.rows(WebhookEntity).insert(webhook({}))
      await unit.rows(WebhookEntity).insert(webhook({ failingSince: at }))
      await unit
        .rows(WebhookEntity)
        .insert(webhook({ failingSince: at, disabledAt: at, disabledReason: 'FAILING' }))
      await unit
        .rows(WebhookEntity)
        .insert(webhook({ failingSince: at, disabledAt: at, disabledReason: 'BY_USER' }))
    })
    await count()
    expect((await homeOf(client)).webhooks).toEqual({ failing: 1, disabled: 1 })
  })

  it('are shown only as far as the caller may see the list behind them', async () => {
    await count()
    const nothing = {
      people: null,
      oldestPasswords: null,
      signIns: null,
      webhooks: null,
      mails: null,
      setup: null,
    }
    const member = await server.signedIn(await server.addUser())
    expect(await homeOf(member)).toEqual({ ...nothing, countedAt: expect.any(String) })
    expect(await homeOf(server.client())).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    const parts = {
      'users.read': ['people', 'oldestPasswords'],
      'operations.read': ['signIns'],
      'webhooks.manage': ['webhooks'],
      'settings.manage': ['mails'],
    } as const
    for (const [permission, shown] of Object.entries(parts)) {
      const { client: token } = await apiTokenOf(server, asCaller(owner), [
        permission as keyof typeof parts,
      ])
      const home = await homeOf(token)
      for (const part of Object.keys(nothing)) {
        const isShown = (shown as readonly string[]).includes(part)
        expect([permission, part, home[part] !== null]).toEqual([permission, part, isShown])
      }
    }
  })
})

describe('the instances that share a database', () => {
  it('count one at a time, and again after the claim of one that was killed', async () => {
    const claim = (claimedUntil: Date) =>
      server.database.write(unit =>
        unit
          .rows(HomeFiguresEntity)
          .update({ id: 'account' }, { claimedUntil, countedAt: new Date(1_000) }),
      )
    const countedAt = async () => (await server.services.homeFigures.read())?.countedAt.getTime()
    const run = async () => {
      const job = server.services.homeFigures
      await job.stop()
      job.start(failure => {
        throw failure
      })
      await job.idle()
    }
    await count()
    await claim(new Date(Date.now() + 60_000))
    await run()
    expect(await countedAt()).toBe(1_000)
    await claim(new Date(Date.now() - 1))
    await run()
    expect(await countedAt()).toBeGreaterThan(1_000)
  })
})

describe('the set-up checklist', () => {
  let own: TestServer
  let owner: UserEntity
  let client: TestClient
  beforeEach(async () => {
    own = await TestServer.start()
    owner = await own.addUser({ role: 'OWNER' })
    client = await own.signedIn(owner)
  })
  afterEach(() => own.stop())

  it('is shown without figures that were counted before the first owner existed', async () => {
    const fresh = await TestServer.start()
    try {
      await fresh.services.homeFigures.count()
      const first = await fresh.signedIn(await fresh.addUser({ role: 'OWNER' }))
      expect(await homeOf(first)).toMatchObject({ countedAt: null, people: null })
      await fresh.services.homeFigures.count()
      expect(await homeOf(first)).toMatchObject({ people: { active: 1 } })
    } finally {
      await fresh.stop()
    }
  })

  const stepsOf = async (by: TestClient) => (await homeOf(by)).setup
  const skip = async (skippedSteps: string[], by = client) => {
    const { data, errors } = await by.query(
      `mutation ($input: UpdateSetupChecklistInput!) {
        updateSetupChecklist(input: $input) { setup { step done skipped } errors { message } }
      }`,
      { input: { skippedSteps } },
    )
    return data?.updateSetupChecklist ?? errors
  }

  it('shows what a new account still needs, and ends when each step is done or skipped', async () => {
    const open = { done: false, skipped: false }
    expect(await stepsOf(client)).toEqual([
      { step: 'MAIL', ...open },
      { step: 'SECOND_FACTOR', ...open },
      { step: 'INVITATION', ...open },
      { step: 'ALLOWED_ADDRESSES', ...open },
      { step: 'BACKUP', ...open },
    ])
    await own.addUser()
    await own.services.settings.noteBackup()
    await own.database.write(async unit => {
      await unit.rows(SecondFactorEntity).insert({
        ...{ id: uuidv7(), userId: owner.id, method: 'TOTP', name: 'Phone', createdAt: new Date() },
      })
      const { settings } = own.services
      await settings.replace(unit, { ...(await settings.readIn(unit)), ipAuthorization: true })
    })
    const { settings } = own.services
    await own.database.write(async unit =>
      settings.replace(unit, { ...(await settings.readIn(unit)), ipAuthorization: false }),
    )
    const done = { done: true, skipped: false }
    expect(await stepsOf(client)).toEqual([
      { step: 'MAIL', ...open },
      { step: 'SECOND_FACTOR', ...done },
      { step: 'INVITATION', ...done },
      { step: 'ALLOWED_ADDRESSES', ...open },
      { step: 'BACKUP', ...done },
    ])
    expect((await skip(['ALLOWED_ADDRESSES'])).setup).toContainEqual({
      step: 'ALLOWED_ADDRESSES',
      done: false,
      skipped: true,
    })
    expect(await skip(['MAIL', 'ALLOWED_ADDRESSES'])).toEqual({ setup: null, errors: [] })
    expect(await stepsOf(client)).toBeNull()
    expect((await skip([])).setup).toHaveLength(5)
  })

  it('is skipped for all administrators, only with settings.manage, and recorded', async () => {
    const member = await own.addUser()
    expect(await skip(['MAIL'], await own.signedIn(member))).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
    await skip(['BACKUP', 'MAIL'])
    const admin = await own.signedIn(await own.addUser({ role: 'ADMIN' }))
    expect(await stepsOf(admin)).toContainEqual({ step: 'MAIL', done: false, skipped: true })
    expect(await stepsOf(await own.signedIn(member))).toBeNull()
    const recorded = await own.database.read(unit =>
      unit
        .rows(OperationEntity)
        .find({ where: { action: 'UPDATE_SETUP_CHECKLIST' }, order: { id: 'ASC' } }),
    )
    expect(recorded).toMatchObject([
      { actorId: member.id, outcome: 'REFUSED', reason: 'FORBIDDEN' },
      {
        actorId: owner.id,
        outcome: 'DONE',
        changes: [{ name: 'skippedSteps', from: null, to: 'MAIL, BACKUP' }],
      },
    ])
  })
})
