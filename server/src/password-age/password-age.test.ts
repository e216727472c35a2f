import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { IsNull, Not } from 'typeorm'
import { createFeatures } from '../app/features.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { proofLastsMs } from '../reauthentication/recent-proof.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { defaultPasswordAge, type PasswordAge } from '../settings/password-age.js'
import { apiTokenOf, dayMs } from '../testing/api-token-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import { UserEntity } from '../users/user.entity.js'

let server: TestServer
let admin: Caller
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  admin = await server.addUser({ role: 'ADMIN' })
  client = await server.signedIn(admin)
})
afterAll(() => server.stop())
afterEach(() => saveAge({}))

const saveAge = (age: Partial<PasswordAge>): Promise<void> =>
  server.database.write(unit =>
    server.services.settings.savePasswordAge(unit, { ...defaultPasswordAge, ...age }),
  )

const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs)

/** Makes the password of a user this many days old. */
const agePassword = (id: string, days: number) =>
  server.database.write(unit =>
    unit.rows(UserEntity).update({ id }, { passwordChangedAt: daysAgo(days) }),
  )

const update = async (input: Partial<PasswordAge>, by = client) => {
  const { data, errors } = await by.query(
    `mutation ($input: UpdatePasswordAgeInput!) {
      updatePasswordAge(input: $input) {
        settings { remindAfterDays requireChangeAfterDays temporaryPasswordHours }
        errors { __typename ... on UserError { message path } }
      }
    }`,
    { input },
  )
  return data?.updatePasswordAge ?? errors
}

const settingsOf = async (by: TestClient) => {
  const { data, errors } = await by.query(
    '{ passwordAgeSettings { remindAfterDays requireChangeAfterDays temporaryPasswordHours } }',
  )
  return data?.passwordAgeSettings ?? errors
}

describe('the settings of the age of passwords', () => {
  it('remind nobody and require nothing until someone sets them', async () => {
    expect(await settingsOf(client)).toEqual({
      remindAfterDays: null,
      requireChangeAfterDays: null,
      temporaryPasswordHours: 72,
    })
  })

  it('require settings.manage to be read and changed, and an attempt is recorded', async () => {
    const member = await server.addUser()
    const by = await server.signedIn(member)
    const forbidden = [{ extensions: { code: 'FORBIDDEN' } }]
    expect(await settingsOf(by)).toMatchObject(forbidden)
    expect(await update({ remindAfterDays: 90 }, by)).toMatchObject(forbidden)
    const { client: reader } = await apiTokenOf(server, admin, ['users.read'])
    expect(await settingsOf(reader)).toMatchObject(forbidden)
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'UPDATE_PASSWORD_AGE', actorId: member.id }),
    )
    expect(recorded).toMatchObject([{ outcome: 'REFUSED', reason: 'FORBIDDEN' }])
  })

  it('require a recent proof to be changed', async () => {
    const another = await server.addUser({ role: 'ADMIN' })
    const by = await server.signedIn(another)
    await server.database.write(unit =>
      unit
        .rows(SessionEntity)
        .update({ userId: another.id }, { provedAt: new Date(Date.now() - proofLastsMs - 1) }),
    )
    expect(await update({ remindAfterDays: 90 }, by)).toMatchObject([
      { extensions: { code: 'REAUTHENTICATION_REQUIRED' } },
    ])
  })

  it('change only where they are given, null switches one off, and the change is recorded', async () => {
    expect((await update({ remindAfterDays: 90, requireChangeAfterDays: 120 })).settings).toEqual({
      remindAfterDays: 90,
      requireChangeAfterDays: 120,
      temporaryPasswordHours: 72,
    })
    const next = await update({ remindAfterDays: null, temporaryPasswordHours: null })
    expect(next).toEqual({
      settings: {
        remindAfterDays: null,
        requireChangeAfterDays: 120,
        temporaryPasswordHours: null,
      },
      errors: [],
    })
    expect(await settingsOf(client)).toEqual(next.settings)
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).find({
        where: { action: 'UPDATE_PASSWORD_AGE', actorId: admin.id },
        order: { at: 'DESC', id: 'DESC' },
      }),
    )
    expect(recorded[0]?.changes).toEqual([
      { name: 'remindAfterDays', from: '90', to: null },
      { name: 'temporaryPasswordHours', from: '72', to: null },
    ])
  })

  it.each([
    [{ remindAfterDays: 6 }, 'remindAfterDays', 'Enter a whole number from 7 to 3,650.'],
    [{ remindAfterDays: 3_651 }, 'remindAfterDays', 'Enter a whole number from 7 to 3,650.'],
    [
      { requireChangeAfterDays: 0 },
      'requireChangeAfterDays',
      'Enter a whole number from 7 to 3,650.',
    ],
    [
      { temporaryPasswordHours: 0 },
      'temporaryPasswordHours',
      'Enter a whole number from 1 to 8,760.',
    ],
    [
      { temporaryPasswordHours: 8_761 },
      'temporaryPasswordHours',
      'Enter a whole number from 1 to 8,760.',
    ],
    [
      { remindAfterDays: 90, requireChangeAfterDays: 90 },
      'remindAfterDays',
      'Users must be reminded before they must change their password.',
    ],
  ])('reject %j as a whole', async (input, field, message) => {
    expect(await update(input)).toEqual({
      settings: null,
      errors: [{ __typename: 'InvalidField', path: [field], message }],
    })
    expect(await settingsOf(client)).toEqual(defaultPasswordAge)
  })
})

describe('a password that is older than the account allows', () => {
  it('must be changed in an open session and after a sign-in, before anything else', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const open = await server.signedIn(user)
    await agePassword(user.id, 90)
    const usersOf = (by: TestClient) => by.query('{ users { totalCount } }')
    expect((await usersOf(open)).errors).toBeUndefined()

    await saveAge({ requireChangeAfterDays: 91 })
    expect((await usersOf(open)).errors).toBeUndefined()

    await saveAge({ requireChangeAfterDays: 90 })
    const refusal = [{ extensions: { code: 'FORBIDDEN', reason: 'PASSWORD_CHANGE_REQUIRED' } }]
    expect((await usersOf(open)).errors).toMatchObject(refusal)
    const viewer = '{ viewer { mustChangePassword passwordDeadline { required at } } }'
    expect((await open.query(viewer)).data.viewer).toMatchObject({
      mustChangePassword: true,
      passwordDeadline: { required: true },
    })
    const fresh = server.client()
    expect((await fresh.logIn(user.login)).data.logIn).toMatchObject({
      user: { mustChangePassword: true },
      errors: [],
    })
    expect((await usersOf(fresh)).errors).toMatchObject(refusal)

    // A thief whose session may change the settings could otherwise require it, and take over.
    const without = await fresh.changePassword({ newPassword: 'My-Meadow-419' })
    expect(without.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    const { data } = await fresh.changePassword({
      currentPassword: goodPassword,
      newPassword: 'My-Meadow-419',
    })
    expect(data.changePassword).toMatchObject({ user: { mustChangePassword: false }, errors: [] })
    expect((await usersOf(fresh)).errors).toBeUndefined()
  })

  it('stops no API token', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const { client: script } = await apiTokenOf(server, user, ['users.read'])
    await agePassword(user.id, 90)
    await saveAge({ requireChangeAfterDays: 90 })
    expect((await script.query('{ users { totalCount } }')).errors).toBeUndefined()
  })
})

describe('the deadline of a password', () => {
  const deadlineOf = async (id: string) => {
    const { data } = await client.query(
      `{ user(id: "${id}") { passwordChangedAt passwordDeadline { at remindFrom required } } }`,
    )
    return data.user.passwordDeadline
  }
  const shift = (from: Date, days: number) => new Date(from.getTime() + days * dayMs).toISOString()

  it('is missing without a setting, and for a user without a password', async () => {
    const user = await server.addUser()
    expect(await deadlineOf(user.id)).toBeNull()
    await saveAge({ requireChangeAfterDays: 90 })
    const invited = await server.addUser({ status: 'INVITED', password: null })
    expect(await deadlineOf(invited.id)).toBeNull()
  })

  it('is the recommended one, until the user is reminded of the required one', async () => {
    const user = await server.addUser()
    await saveAge({ remindAfterDays: 60, requireChangeAfterDays: 90 })
    await agePassword(user.id, 75)
    const { passwordChangedAt } = await server.database.read(unit =>
      unit.rows(UserEntity).findOneByOrFail({ id: user.id }),
    )
    const changedAt = passwordChangedAt ?? new Date(0)
    expect(await deadlineOf(user.id)).toEqual({
      at: shift(changedAt, 60),
      remindFrom: shift(changedAt, 46),
      required: false,
    })
    await agePassword(user.id, 76)
    expect(await deadlineOf(user.id)).toMatchObject({ required: true })
    // A short age does not remind on the first day.
    await saveAge({ requireChangeAfterDays: 7 })
    const { at, remindFrom } = await deadlineOf(user.id)
    expect(Date.parse(at) - Date.parse(remindFrom)).toBe(6 * dayMs)
  })
})

describe('the reminders of an old password', () => {
  const remind = async (...of: TestServer['features']['services'][]) => {
    for (const { passwordReminders } of [server.services, ...of]) passwordReminders.wake()
    await Promise.all(
      [server.services, ...of].map(({ passwordReminders }) => passwordReminders.idle()),
    )
  }

  /** The second paragraphs of the reminders that were sent, oldest first. */
  const remindersOf = async ({ login }: { login: string }): Promise<string[]> => {
    const mails = await server.mailsTo(login)
    return mails
      .filter(({ subject }) => subject === 'It is time to change your password')
      .map(
        ({ text }) =>
          /(?:You must|It is too|Your admin)[^.]*/.exec(text?.replace(/\s+/g, ' ') ?? '')?.[0] ??
          '',
      )
  }

  /** Lets days pass for a user: everything about their password happened so much earlier. */
  const pass = (id: string, days: number) =>
    server.database.write(unit =>
      unit.query(SQL`UPDATE users SET
        password_changed_at = password_changed_at - ${days * dayMs},
        password_reminded_at = password_reminded_at - ${days * dayMs}
        WHERE id = ${id}`),
    )

  it('come 14, 3 and 0 days before a required change, each once', async () => {
    const user = await server.addUser()
    await agePassword(user.id, 75)
    await saveAge({ requireChangeAfterDays: 90 })
    const counts: number[] = []
    for (const days of [0, 1, 0, 10, 1, 2, 1, 0, 300]) {
      await pass(user.id, days)
      await remind()
      counts.push((await remindersOf(user)).length)
    }
    expect(counts).toEqual([0, 1, 1, 1, 2, 2, 3, 3, 3])
    expect(await remindersOf(user)).toEqual([
      expect.stringMatching(/^You must change it by /),
      expect.stringMatching(/^You must change it by /),
      'It is too old',
    ])
    const { data } = await (await server.signedIn(user)).query('{ viewer { version } }')
    expect(data.viewer.version).toBe(1)
  })

  it('come for a recommended change too, and say so', async () => {
    const user = await server.addUser()
    await agePassword(user.id, 50)
    await saveAge({ remindAfterDays: 60 })
    await remind()
    await pass(user.id, 10)
    await remind()
    expect(await remindersOf(user)).toEqual([
      expect.stringMatching(/^Your administrator recommends that you change it by /),
      'Your administrator recommends that you change it now',
    ])
  })

  it('come once if several were missed, and again for the next password', async () => {
    const user = await server.addUser()
    await agePassword(user.id, 400)
    await saveAge({ remindAfterDays: 60, requireChangeAfterDays: 90 })
    await remind()
    expect(await remindersOf(user)).toEqual(['It is too old'])
    const by = await server.signedIn(user)
    await by.changePassword({ currentPassword: goodPassword, newPassword: 'My-Meadow-419' })
    await remind()
    expect(await remindersOf(user)).toHaveLength(1)
    await pass(user.id, 46)
    await remind()
    expect(await remindersOf(user)).toHaveLength(2)
  })

  it('never come within a day after the change, however short the time is', async () => {
    const user = await server.addUser()
    await saveAge({ requireChangeAfterDays: 7 })
    await remind()
    expect(await remindersOf(user)).toEqual([])
    await pass(user.id, 4)
    await remind()
    expect(await remindersOf(user)).toHaveLength(1)
  })

  it('come to nobody who cannot sign in or must change the password anyway', async () => {
    const users = [
      await server.addUser({ status: 'BLOCKED' }),
      await server.addUser({ status: 'INVITED' }),
      await server.addUser(),
    ]
    for (const { id } of users) await agePassword(id, 100)
    await server.database.write(unit =>
      unit.rows(UserEntity).update({ id: users[2]?.id ?? '' }, { mustChangePassword: true }),
    )
    await saveAge({ requireChangeAfterDays: 90 })
    await remind()
    for (const user of users) expect(await remindersOf(user)).toEqual([])
  })

  it('come once to each of many users, also if several instances send them', async () => {
    const crowd = { lastName: 'Crowd' }
    const users = await Promise.all(
      Array.from({ length: 230 }, () => server.addUser({ ...crowd, password: null })),
    )
    await server.database.write(unit =>
      unit.rows(UserEntity).update(crowd, { passwordChangedAt: daysAgo(100) }),
    )
    await saveAge({ requireChangeAfterDays: 90 })
    const other = createFeatures(server.config, server.database).services
    other.passwordReminders.start(() => undefined)
    await remind(other)
    await other.passwordReminders.stop()
    // The other instance has put mails into the outbox, which this one delivers.
    server.services.mailDelivery.wake()
    await server.services.mailDelivery.idle()
    const reminded = await server.database.read(unit =>
      unit.rows(UserEntity).countBy({ ...crowd, passwordRemindedAt: Not(IsNull()) }),
    )
    expect(reminded).toBe(users.length)
    for (const user of [users[0], users[115], users[229]]) {
      expect(await remindersOf(user ?? { login: '' })).toHaveLength(1)
    }
  })
})
