import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { hash } from 'argon2'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { statusOf } from '../one-time-links/one-time-link.service.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { goodPassword, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import { maxSaveTries } from './password.service.js'
import { PasswordHistoryEntity } from './password-history.entity.js'

const newPassword = 'Brisk-Meadow-41'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const namesOf = (answer: { data: { changePassword: { errors: { __typename: string }[] } } }) =>
  answer.data.changePassword.errors.map(error => error.__typename)

const signsIn = async (login: string, password: string): Promise<boolean> => {
  const { data } = await server.client().logIn(login, password)
  return data.logIn.user !== null
}

const operationsOn = (id: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId: id }, order: { number: 'ASC' } }),
  )

const historyOf = (id: string) =>
  server.database.read(unit => unit.rows(PasswordHistoryEntity).findBy({ userId: id }))

describe('changing your own password', () => {
  it('replaces the old password with the new one', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const answer = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(answer.data.changePassword).toMatchObject({ user: { id: member.id }, errors: [] })
    expect(await signsIn(member.login, newPassword)).toBe(true)
    expect(await signsIn(member.login, goodPassword)).toBe(false)
  })

  it('ends every other session and gives the caller’s own session a new token', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const elsewhere = await server.signedIn(member)
    const stolen = client.clone()
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(await client.whoAmI()).toBe(member.login)
    expect(await elsewhere.whoAmI()).toBeNull()
    expect(await stolen.whoAmI()).toBeNull()
  })

  it('clears “must change password” and ends reset links', async () => {
    const member = await server.addUser()
    const other = await server.addUser()
    await server.database.write(async unit => {
      await unit.rows(UserEntity).update({ id: member.id }, { mustChangePassword: true })
      await server.services.links.issue(unit, 'PASSWORD_RESET', member.id, 60)
      await server.services.links.issue(unit, 'PASSWORD_RESET', other.id, 60)
    })
    const client = await server.signedIn(member)
    const answer = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(answer.data.changePassword.user.mustChangePassword).toBe(false)
    const links = await server.database.read(unit => unit.rows(OneTimeLinkEntity).find())
    const working = links.filter(link => statusOf(link) === 'VALID')
    expect(working.map(link => link.userId)).toEqual([other.id])
  })

  it('records one operation', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    const operations = await operationsOn(member.id)
    expect(operations.filter(operation => operation.action === 'CHANGE_PASSWORD')).toMatchObject([
      { outcome: 'DONE', reason: null, actorId: member.id, ip: '127.0.0.1' },
    ])
  })

  it('treats both Unicode forms of an accented letter as the same password', async () => {
    const member = await server.addUser({ password: 'Caf\u00e9-au-lait-7' })
    const client = await server.signedIn(member, 'Cafe\u0301-au-lait-7')
    const answer = await client.changePassword({
      currentPassword: 'Cafe\u0301-au-lait-7',
      newPassword: 'Caf\u00e9-au-lait-7',
    })
    expect(answer.data.changePassword.errors).toMatchObject([
      { violations: [{ rule: 'SAME_AS_CURRENT' }] },
    ])
  })
})

describe('a refused change', () => {
  it('names the field, and changes nothing except that it records the operation', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const elsewhere = await server.signedIn(member)
    const answer = await client.changePassword({ currentPassword: 'Wrong-One-123', newPassword })
    expect(answer.data.changePassword).toEqual({
      user: null,
      activated: false,
      errors: [
        {
          __typename: 'CurrentPasswordIncorrect',
          message: expect.any(String),
          path: ['currentPassword'],
        },
      ],
    })
    expect(await signsIn(member.login, goodPassword)).toBe(true)
    expect(await elsewhere.whoAmI()).toBe(member.login)
    expect(await historyOf(member.id)).toEqual([])
    const operations = await operationsOn(member.id)
    expect(operations.find(operation => operation.action === 'CHANGE_PASSWORD')).toMatchObject({
      outcome: 'REFUSED',
      reason: 'CURRENT_PASSWORD_INCORRECT',
    })
  })

  it('reports a wrong current password and broken rules at once', async () => {
    const member = await server.addUser({ login: 'wanda@rekey.example' })
    const client = await server.signedIn(member)
    const answer = await client.changePassword({ currentPassword: 'x', newPassword: 'wanda' })
    expect(namesOf(answer)).toEqual(['CurrentPasswordIncorrect', 'PasswordPolicyViolated'])
    const { violations, path } = answer.data.changePassword.errors[1]
    expect(path).toEqual(['newPassword'])
    expect(violations.map((violation: { rule: string }) => violation.rule)).toEqual([
      'MIN_LENGTH',
      'UPPERCASE',
      'NUMBER',
      'SPECIAL',
      'CONTAINS_LOGIN',
    ])
  })

  it('rejects a current password with half of a surrogate pair', async () => {
    const member = await server.addUser({ password: 'Broken-\ufffd-Pair-7' })
    const client = await server.signedIn(member, 'Broken-\ufffd-Pair-7')
    const answer = await client.changePassword({
      currentPassword: 'Broken-\ud800-Pair-7',
      newPassword,
    })
    expect(namesOf(answer)).toEqual(['CurrentPasswordIncorrect'])
  })

  it('rejects a new password with half of a surrogate pair or a control character', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    for (const bad of ['Brisk-Meadow-41\ud800', 'Brisk-Meadow-41\u0000']) {
      const answer = await client.changePassword({
        currentPassword: goodPassword,
        newPassword: bad,
      })
      expect(answer.data.changePassword.errors).toMatchObject([
        { violations: [{ rule: 'INVALID_CHARACTER' }] },
      ])
    }
  })
})

describe('spaces and invisible characters', () => {
  /** Stores a password as earlier versions did: hashed as it was typed. */
  const storeAsTyped = async (id: string, password: string) => {
    const passwordHash = await hash(password, { memoryCost: 1024, timeCost: 2, parallelism: 1 })
    await server.database.write(async unit => {
      await unit.rows(UserEntity).update({ id }, { passwordHash })
    })
  }

  it('rejects a new password with invisible characters, but not with spaces', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    for (const bad of ['\u200b', '\ufeff', '\u00ad', '\u200e', '\u202e']) {
      const answer = await client.changePassword({
        currentPassword: goodPassword,
        newPassword: `Brisk${bad}Meadow-41`,
      })
      expect(answer.data.changePassword.errors).toMatchObject([
        { violations: [{ rule: 'INVALID_CHARACTER' }] },
      ])
    }
  })

  it('accepts any kind of space for the no-break space of a password', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const answer = await client.changePassword({
      currentPassword: goodPassword,
      newPassword: 'Brisk\u00a0Meadow\u300041',
    })
    expect(namesOf(answer)).toEqual([])
    for (const typed of ['Brisk Meadow 41', 'Brisk\u00a0Meadow\u00a041']) {
      expect(await (await server.signedIn(member, typed)).whoAmI()).toBe(member.login)
    }
  })

  it.each([
    ['a no-break space', 'Brisk\u00a0Meadow-41'],
    ['a zero-width space', 'Brisk\u200bMeadow-41'],
  ])(
    'accepts a password with %s that an earlier version stored, and does not let the user reuse it',
    async (_, old) => {
      const member = await server.addUser()
      await storeAsTyped(member.id, old)
      const client = await server.signedIn(member, old)
      expect(await client.whoAmI()).toBe(member.login)
      const again = await client.changePassword({ currentPassword: old, newPassword: old })
      expect(namesOf(again)).toEqual(['PasswordPolicyViolated'])
      expect(namesOf(await client.changePassword({ currentPassword: old, newPassword }))).toEqual(
        [],
      )
      const back = await client.changePassword({ currentPassword: newPassword, newPassword: old })
      expect(namesOf(back)).toEqual(['PasswordPolicyViolated'])
    },
  )

  it('finds an earlier password with a no-break space in the history if it is typed as before', async () => {
    const member = await server.addUser()
    await storeAsTyped(member.id, 'Brisk\u00a0Meadow-41')
    // No sign-in before this: it would renew the hash, and the history would not have the old form.
    const administrator = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    await administrator.changePassword({
      userId: member.id,
      currentPassword: goodPassword,
      newPassword,
      requireChangeAtNextSignIn: false,
    })
    const client = await server.signedIn(member, newPassword)
    const back = await client.changePassword({
      currentPassword: newPassword,
      newPassword: 'Brisk\u00a0Meadow-41',
    })
    expect(back.data.changePassword.errors).toMatchObject([{ violations: [{ rule: 'REUSED' }] }])
  })
})

describe('the user’s last passwords', () => {
  it('rejects a password that is among the user’s last five, and accepts it afterwards', async () => {
    const member = await server.addUser({ password: 'Password-Number-0' })
    const client = await server.signedIn(member, 'Password-Number-0')
    const change = (from: number, to: number) =>
      client.changePassword({
        currentPassword: `Password-Number-${from}`,
        newPassword: `Password-Number-${to}`,
      })
    for (const next of [1, 2, 3, 4]) expect(namesOf(await change(next - 1, next))).toEqual([])
    for (const earlier of [0, 1, 2, 3]) {
      expect((await change(4, earlier)).data.changePassword.errors).toMatchObject([
        { violations: [{ rule: 'REUSED' }] },
      ])
    }
    expect(namesOf(await change(4, 5))).toEqual([])
    expect(namesOf(await change(5, 0))).toEqual([])
    expect(await historyOf(member.id)).toHaveLength(4)
  })

  it('does not reveal earlier passwords to a caller whose current password is wrong', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    const answer = await client.changePassword({
      currentPassword: 'Wrong-One-123',
      newPassword: goodPassword,
    })
    expect(namesOf(answer)).toEqual(['CurrentPasswordIncorrect'])
  })
})

describe('changing another user’s password', () => {
  it('requires the caller’s own password, and ends every session of the other user', async () => {
    const admin = await server.addUser({ role: 'ADMIN', password: 'Admin-Harbour-72' })
    const member = await server.addUser()
    const client = await server.signedIn(admin, 'Admin-Harbour-72')
    const theirs = await server.signedIn(member)
    const wrong = await client.changePassword({
      userId: member.id,
      currentPassword: goodPassword,
      newPassword,
    })
    expect(namesOf(wrong)).toEqual(['CurrentPasswordIncorrect'])
    const answer = await client.changePassword({
      userId: member.id,
      currentPassword: 'Admin-Harbour-72',
      newPassword,
    })
    expect(answer.data.changePassword).toMatchObject({ user: { id: member.id }, errors: [] })
    expect(await theirs.whoAmI()).toBeNull()
    expect(await client.whoAmI()).toBe(admin.login)
    expect(await signsIn(member.login, newPassword)).toBe(true)
    expect(await signsIn(admin.login, 'Admin-Harbour-72')).toBe(true)
  })

  it('rejects the other user’s current and earlier passwords', async () => {
    const admin = await server.addUser({ role: 'ADMIN', password: 'Admin-Harbour-72' })
    const member = await server.addUser()
    const client = await server.signedIn(admin, 'Admin-Harbour-72')
    const change = (next: string) =>
      client.changePassword({
        userId: member.id,
        currentPassword: 'Admin-Harbour-72',
        newPassword: next,
      })
    expect((await change(goodPassword)).data.changePassword.errors).toMatchObject([
      { violations: [{ rule: 'SAME_AS_CURRENT' }] },
    ])
    expect(namesOf(await change(newPassword))).toEqual([])
    expect((await change(goodPassword)).data.changePassword.errors).toMatchObject([
      { violations: [{ rule: 'REUSED' }] },
    ])
  })

  it.each([
    ['a member may not change an admin’s password', 'MEMBER', 'ADMIN', false],
    ['a member may not change another member’s password', 'MEMBER', 'MEMBER', false],
    ['an admin may not change the owner’s password', 'ADMIN', 'OWNER', false],
    ['an admin may change another admin’s password', 'ADMIN', 'ADMIN', true],
    ['an owner may change an admin’s password', 'OWNER', 'ADMIN', true],
  ] as const)('%s', async (_right, callerRole, targetRole, allowed) => {
    const caller = await server.addUser({ role: callerRole })
    const target = await server.addUser({ role: targetRole })
    const client = await server.signedIn(caller)
    const answer = await client.changePassword({
      userId: target.id,
      currentPassword: goodPassword,
      newPassword,
    })
    if (allowed) expect(answer.data.changePassword.errors).toEqual([])
    else expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect(await signsIn(target.login, newPassword)).toBe(allowed)
  })

  it('reveals that a user does not exist only to callers who may see every user', async () => {
    const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const member = await server.signedIn(await server.addUser())
    const input = { userId: 'nobody', currentPassword: goodPassword, newPassword }
    expect(namesOf(await admin.changePassword(input))).toEqual(['UserNotFound'])
    expect((await member.changePassword(input)).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
  })
})

describe('simultaneous changes', () => {
  it('accepts exactly one of two changes with the same current password', async () => {
    const member = await server.addUser()
    const one = await server.signedIn(member)
    const two = await server.signedIn(member)
    const outcomes = await Promise.allSettled([
      one.changePassword({ currentPassword: goodPassword, newPassword: 'First-Meadow-41' }),
      two.changePassword({ currentPassword: goodPassword, newPassword: 'Second-Meadow-42' }),
    ])
    expect(outcomes.every(outcome => outcome.status === 'fulfilled')).toBe(true)
    const working = [
      await signsIn(member.login, goodPassword),
      await signsIn(member.login, 'First-Meadow-41'),
      await signsIn(member.login, 'Second-Meadow-42'),
    ]
    expect(working[0]).toBe(false)
    expect(working.filter(Boolean)).toHaveLength(1)
    expect(await historyOf(member.id)).toHaveLength(1)
  })

  it('judges the changes of one user’s password by two admins one after the other', async () => {
    const member = await server.addUser()
    const admins = await Promise.all(
      [1, 2].map(async () => server.signedIn(await server.addUser({ role: 'ADMIN' }))),
    )
    const answers = await Promise.all(
      admins.map(admin =>
        admin.changePassword({ userId: member.id, currentPassword: goodPassword, newPassword }),
      ),
    )
    const errors = answers.flatMap(({ data }) => data.changePassword.errors)
    expect(errors).toMatchObject([{ violations: [{ rule: 'SAME_AS_CURRENT' }] }])
    expect(await historyOf(member.id)).toHaveLength(1)
  })

  it('keeps the changes of fifty users apart', async () => {
    const people = await Promise.all(Array.from({ length: 50 }, () => server.addUser()))
    const clients = await Promise.all(people.map(person => server.signedIn(person)))
    const answers = await Promise.all(
      clients.map((client, index) =>
        client.changePassword({
          // Every fifth change is rejected, among the others.
          currentPassword: index % 5 === 0 ? 'Wrong-One-123' : goodPassword,
          newPassword: `Brisk-Meadow-${index}`,
        }),
      ),
    )
    for (const [index, person] of people.entries()) {
      const refused = index % 5 === 0
      expect(namesOf(answers[index] as never)).toEqual(refused ? ['CurrentPasswordIncorrect'] : [])
      expect(await signsIn(person.login, refused ? goodPassword : `Brisk-Meadow-${index}`)).toBe(
        true,
      )
      expect(await historyOf(person.id)).toHaveLength(refused ? 0 : 1)
      const outcomes = (await operationsOn(person.id))
        .filter(operation => operation.action === 'CHANGE_PASSWORD')
        .map(operation => operation.outcome)
      expect(outcomes).toEqual([refused ? 'REFUSED' : 'DONE'])
    }
  })
})

describe('a bounded number of tries', () => {
  /** Changes a password while others save one of the same user before the change can save it. */
  const changeWhileOthersSave = async (saves: number) => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(admin)
    const member = await server.addUser()
    const { hasher } = server.services
    const hashPassword = hasher.hashPassword.bind(hasher)
    const hashing = jest.spyOn(hasher, 'hashPassword')
    for (let save = 0; save < saves; save += 1) {
      hashing.mockImplementationOnce(async password => {
        const passwordHash = await hashPassword(`Others-Meadow-${save}`)
        await server.database.write(async unit => {
          await unit
            .rows(UserEntity)
            .update({ id: member.id }, { passwordHash, passwordChangedAt: new Date(save) })
        })
        return hashPassword(password)
      })
    }
    try {
      const input = { userId: member.id, currentPassword: goodPassword, newPassword }
      const answer = await client.changePassword(input)
      return { answer, admin, client, member }
    } finally {
      hashing.mockRestore()
    }
  }

  it('succeeds in the last try after others saved a password in every earlier try', async () => {
    const { answer, member } = await changeWhileOthersSave(maxSaveTries - 1)
    expect(answer.data.changePassword.errors).toEqual([])
    expect(await signsIn(member.login, newPassword)).toBe(true)
    expect(await historyOf(member.id)).toHaveLength(1)
  })

  it('gives up if others save a password in every try, and saves nothing', async () => {
    const { answer, admin, client, member } = await changeWhileOthersSave(maxSaveTries)
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } },
    ])
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(await client.whoAmI()).toBe(admin.login)
    expect(await signsIn(member.login, `Others-Meadow-${maxSaveTries - 1}`)).toBe(true)
    expect(await historyOf(member.id)).toEqual([])
    const actions = (await operationsOn(member.id)).map(({ action }) => action)
    expect(actions).not.toContain('CHANGE_PASSWORD')
  })
})

describe('a caller who is not, or no longer, signed in', () => {
  it('gets an error that asks them to sign in', async () => {
    const answer = await server
      .client()
      .changePassword({ currentPassword: goodPassword, newPassword })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  it('cannot use a session that has ended', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await server.database.write(unit =>
      unit
        .rows(SessionEntity)
        .delete({ userId: member.id })
        .then(() => undefined),
    )
    const answer = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect(await signsIn(member.login, goodPassword)).toBe(true)
  })

  it('learns that the password was changed elsewhere, and changes nothing', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const stale = await server.signedIn(member)
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    for (const currentPassword of [goodPassword, newPassword]) {
      const answer = await stale.changePassword({ currentPassword, newPassword: 'Stale-Meadow-41' })
      expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    }
    expect((await stale.query('{ sessionEndReason }')).data.sessionEndReason).toBe(
      'PASSWORD_CHANGED',
    )
    expect((await client.query('{ sessionEndReason }')).data.sessionEndReason).toBeNull()
    expect(await signsIn(member.login, newPassword)).toBe(true)
    expect(await signsIn(member.login, 'Stale-Meadow-41')).toBe(false)
  })

  it('can change nothing after being blocked', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await server.database.write(unit =>
      unit
        .rows(UserEntity)
        .update({ id: member.id }, { status: 'BLOCKED' })
        .then(() => undefined),
    )
    const answer = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })
})

describe('secrets', () => {
  it('no password appears in a log, a stored byte or the answer to a well-formed request', async () => {
    const secrets = ['Correct-Secret-81', 'Wrong-Secret-82', 'Next-Secret-83', 'short-secret']
    const [current = '', wrong = '', next = '', short = ''] = secrets
    const member = await server.addUser({ password: current })
    const client = await server.signedIn(member, current)
    const answers = [
      await client.changePassword({ currentPassword: wrong, newPassword: short }),
      await client.changePassword({ currentPassword: current, newPassword: next }),
    ]
    const token = client.session?.split('=')[1] ?? ''
    // Only the answers to these requests may quote the input.
    const malformed = [
      await client.changePassword({ currentPassword: current, newPassword: [wrong] }),
      await client.changePassword({ currentPassword: { [wrong]: short }, newPassword: next }),
      await client.post(`{"query":"mutation { changePassword(input: {newPassword: \\"${next}"}`),
      await client.post(
        JSON.stringify({ query: `mutation { changePassword(input: "${next}") { user { id } } }` }),
      ),
      await client.post(
        JSON.stringify({
          query: `mutation { changePassword(input: {currentPassword: ${current.replaceAll('-', '_')}, newPassword: 5}) { user { id } } }`,
        }),
      ),
    ]
    const codes = malformed.flatMap(({ errors }) =>
      errors?.map(({ extensions }) => extensions.code),
    )
    expect(new Set(codes)).toEqual(new Set(['BAD_USER_INPUT']))
    const places = [server.log(), await server.storedBytes(), ...answers.map(({ text }) => text)]
    for (const place of places) {
      for (const secret of [...secrets, current.replaceAll('-', '_'), token]) {
        expect(place.includes(secret)).toBe(false)
      }
    }
    expect(server.log()).toContain('answered')
  })
})
