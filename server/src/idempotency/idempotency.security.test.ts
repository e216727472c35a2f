import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { insertMany } from '../database/insert-many.js'
import { maxConcurrentRequests } from '../http/concurrent-requests.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import {
  invitation,
  isReplay,
  passwordChange,
  refusalIn,
  sendWithKey,
} from '../testing/keyed-mutations.js'
import { asCaller, goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'
import { keptForMs, maxKeys, maxMismatches } from './idempotency.service.js'
import { IdempotencyRecordEntity } from './idempotency-record.entity.js'

const newPassword = 'Brisk-Meadow-41'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ TRUST_PROXY: '1' })
})
afterAll(() => server.stop())

const recordsOf = (userId: string) =>
  server.database.read(unit => unit.rows(IdempotencyRecordEntity).findBy({ userId }))

/** A user who lost the answer to a password change and has only the old cookie. */
const withLostAnswer = async (user?: UserEntity) => {
  const person = user ?? (await server.addUser())
  const client = await server.signedIn(person)
  const key = randomUUID()
  const sent = passwordChange(goodPassword, newPassword)
  const fresh = client.clone()
  const first = await sendWithKey(fresh, key, sent)
  expect(first.data.changePassword.errors).toEqual([])
  return { person, client, fresh, key, sent, first }
}

/** Expects a retry to get no part of the answer and no cookie. */
const expectNothing = async (client: TestClient, key: string, sent = invitation('none')) => {
  const before = client.session
  const answer = await sendWithKey(client, key, sent)
  expect(refusalIn(answer)).toEqual([200, 'UNAUTHENTICATED'])
  expect(answer.data).toBeUndefined()
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(client.session).toBe(before)
}

describe('a stolen session and key', () => {
  it('allows five passwords for a stolen session and key, and then not even the right one', async () => {
    const { client, key, sent } = await withLostAnswer()
    for (let guess = 0; guess < maxMismatches; guess += 1) {
      const wrong = passwordChange(`Wrong-One-${100 + guess}`, newPassword)
      const answer = await sendWithKey(client, key, wrong)
      expect(refusalIn(answer)).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    }
    const right = await sendWithKey(client, key, sent)
    const wrong = await sendWithKey(client, key, passwordChange('Wrong-One-123', newPassword))
    const withoutId = (text: string) => text.replace(/"requestId":"[^"]*"/, '')
    expect([right.status, withoutId(right.text)]).toEqual([422, withoutId(wrong.text)])
    expect(right.headers.getSetCookie()).toEqual([])
  })

  it('allows no more than five guesses, even when many are sent at once', async () => {
    const { client, key, sent } = await withLostAnswer()
    const guesses = Array.from({ length: maxConcurrentRequests }, (_, guess) =>
      passwordChange(`Wrong-One-${100 + guess}`, newPassword),
    )
    const answers = await Promise.all(guesses.map(guess => sendWithKey(client.clone(), key, guess)))
    expect(answers.map(({ status }) => status)).toEqual(guesses.map(() => 422))
    // Even the right password is no longer compared.
    expect((await sendWithKey(client, key, sent)).status).toBe(422)
    const [record] = await server.database.read(unit =>
      unit.rows(IdempotencyRecordEntity).find({ order: { expiresAt: 'DESC' }, take: 1 }),
    )
    expect(record?.mismatches).toBe(maxMismatches)
  })

  it('throttles guesses that each use a new key', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '3' })
    try {
      const client = await strict.signedIn(await strict.addUser())
      const kinds: string[] = []
      for (let guess = 0; guess < 8; guess += 1) {
        const wrong = passwordChange(`Wrong-One-${100 + guess}`, newPassword)
        const { data } = await sendWithKey(client, randomUUID(), wrong)
        kinds.push(data.changePassword.errors[0].__typename)
      }
      expect(kinds.slice(0, 3)).toEqual(Array(3).fill('CurrentPasswordIncorrect'))
      expect(kinds.slice(3)).toEqual(Array(5).fill('TooManyAttempts'))
    } finally {
      await strict.stop()
    }
  })

  it('returns nothing to a different body or to another user’s session', async () => {
    const { key, sent } = await withLostAnswer()
    const other = await server.signedIn(
      await server.addUser({ password: 'Other-Person-19' }),
      'Other-Person-19',
    )
    const answer = await sendWithKey(other, key, sent)
    expect(isReplay(answer)).toBe(false)
    expect(answer.data.changePassword.errors[0].__typename).toBe('CurrentPasswordIncorrect')
    const withoutCookie = await sendWithKey(server.client(), key, sent)
    expect(refusalIn(withoutCookie)).toEqual([400, 'IDEMPOTENCY_KEY_INVALID'])
    const madeUp = { cookie: `rekey_session=${'A'.repeat(43)}` }
    await expectNothing(server.client(madeUp), key, sent)
  })
})

describe('an ended session', () => {
  it('returns no answer to a session whose user has been blocked since', async () => {
    const { person, client, key, sent } = await withLostAnswer()
    const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    await admin.query(
      'mutation ($input: BlockUsersInput!) { blockUsers(input: $input) { errors { message } } }',
      { input: { userIds: [person.id] } },
    )
    expect((await server.services.users.find(person.id))?.status).toBe('BLOCKED')
    await expectNothing(client, key, sent)
  })

  it('does not restore a session whose successor was ended elsewhere', async () => {
    const { person, client, key, sent } = await withLostAnswer()
    const elsewhere = await server.signedIn(person, newPassword)
    await elsewhere.query('mutation { endOtherSessions { errors { message } } }')
    await expectNothing(client, key, sent)
  })

  it('does not restore a session whose successor has signed out or has itself been renewed', async () => {
    const out = await withLostAnswer()
    await out.fresh.query('mutation { logOut { errors { message } } }')
    await expectNothing(out.client, out.key, out.sent)

    const on = await withLostAnswer()
    await on.fresh.changePassword({ currentPassword: newPassword, newPassword: 'Third-Window-58' })
    await expectNothing(on.client, on.key, on.sent)
    expect(await on.fresh.whoAmI()).toBe(on.person.login)
  })

  it('does not restore a session whose successor has expired', async () => {
    const { person, client, key, sent } = await withLostAnswer()
    await server.database.write(async unit => {
      await unit.rows(SessionEntity).update({ userId: person.id }, { expiresAt: new Date(0) })
    })
    await expectNothing(client, key, sent)
  })

  it('returns no answer to an address that is not allowed', async () => {
    const { client, key, sent, first } = await withLostAnswer()
    const owner = server.client({ 'x-forwarded-for': '203.0.113.7' })
    await owner.logIn((await server.addUser({ role: 'OWNER' })).login)
    const { data } = await owner.query(
      `mutation ($input: AddAllowedAddressInput!) {
        addAllowedAddress(input: $input) { allowedAddress { id } }
      }`,
      { input: { range: '203.0.113.0/24', label: '' } },
    )
    expect(data.addAllowedAddress.allowedAddress).not.toBeNull()
    await server.setSecurity({ ipAuthorization: true })
    await new Promise(later => setTimeout(later, 1_100))
    try {
      await expectNothing(client, key, sent)
    } finally {
      await server.setSecurity({ ipAuthorization: false })
      await new Promise(later => setTimeout(later, 1_100))
    }
    expect((await sendWithKey(client, key, sent)).text).toBe(first.text)
  })

  it('returns to an ended session only the answer that renewed it', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(admin)
    const thief = client.clone()
    const key = randomUUID()
    const sent = invitation('someone.new@rekey.example')
    await sendWithKey(client, key, sent)
    expect(isReplay(await sendWithKey(thief, key, sent))).toBe(true)
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    await expectNothing(thief, key, sent)
  })
})

describe('a stored record', () => {
  it('stores no readable password, token, key or answer, and logs none', async () => {
    const user = await server.addUser({ password: 'Stored-Nowhere-61' })
    const client = await server.signedIn(user, 'Stored-Nowhere-61')
    const old = client.session?.split('=')[1] ?? ''
    const key = `key-${randomUUID()}`
    const sent = passwordChange('Stored-Nowhere-61', 'Neither-This-62')
    await sendWithKey(client, key, sent)
    await sendWithKey(client, key, passwordChange('Guessed-Wrong-63', 'Neither-This-62'))
    const [record] = await recordsOf(user.id)
    if (record === undefined) throw new Error('There is no record.')
    const secrets = [
      'Stored-Nowhere-61',
      'Neither-This-62',
      'Guessed-Wrong-63',
      old,
      client.session?.split('=')[1] ?? '',
      key,
    ]
    const places = [JSON.stringify(record), await server.storedBytes(), server.log()]
    for (const place of places) {
      for (const secret of secrets) expect(place.includes(secret)).toBe(false)
    }
    expect(record.answer).not.toContain('changePassword')
  })

  it('cannot decrypt a record with the database and the server’s key but without the credential', async () => {
    const { person, key } = await withLostAnswer()
    const [record] = await recordsOf(person.id)
    const { secrets } = server.services
    for (const credential of [undefined, '', 'A'.repeat(43)]) {
      const held = credential === undefined ? {} : { credential }
      const purpose = { purpose: 'idempotency answer', owner: record?.id ?? '', ...held }
      await expect(secrets.unseal(record?.answer ?? '', purpose)).rejects.toThrow()
      const named = { purpose: 'idempotency key', owner: '', ...held }
      expect(await secrets.sign(key, named)).not.toBe(record?.id)
    }
  })

  it('cannot decrypt a record that was moved to another user’s request', async () => {
    const { person, key, sent, client } = await withLostAnswer()
    const other = await withLostAnswer()
    const [theirs] = await recordsOf(other.person.id)
    await server.database.write(async unit => {
      await unit
        .rows(IdempotencyRecordEntity)
        .update({ userId: person.id }, { answer: theirs?.answer ?? null })
    })
    const answer = await sendWithKey(client, key, sent)
    expect(refusalIn(answer)).toEqual([500, 'INTERNAL_SERVER_ERROR'])
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('deletes the records of a deleted user', async () => {
    const { person, client, key, sent } = await withLostAnswer()
    expect(await recordsOf(person.id)).toHaveLength(1)
    const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const { data } = await admin.query(
      'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { deletedUserId } }',
      { input: { userId: person.id, login: person.login } },
    )
    expect(data.deleteUser.deletedUserId).toBe(person.id)
    expect(await recordsOf(person.id)).toEqual([])
    await expectNothing(client, key, sent)
  })
})

describe('the limit on stored keys', () => {
  it('stores ten thousand keys for each credential; stored keys and other credentials still work', async () => {
    const { person, client, key, sent } = await withLostAnswer()
    const [first] = await recordsOf(person.id)
    if (first === undefined) throw new Error('There is no record.')
    const expiresAt = new Date(Date.now() + keptForMs / 2)
    const others = Array.from({ length: maxKeys - 1 }, (_, number) => ({
      ...first,
      id: `made up ${person.id} ${number}`,
      expiresAt,
    }))
    await server.database.write(unit => insertMany(unit.rows(IdempotencyRecordEntity), others))

    // Requests with an API token have a separate limit.
    const token = await apiTokenOf(server, asCaller(person))
    const edit = (firstName: string) => ({
      query: `mutation ($input: UpdateUserInput!) {
        updateUser(input: $input) { errors { __typename } }
      }`,
      variables: { input: { userId: person.id, firstName } },
    })
    const byToken = await sendWithKey(token.client, randomUUID(), edit('Nele'))
    expect(byToken.data.updateUser.errors).toEqual([])
    const ofToken = others.map(record => ({
      ...record,
      id: `token ${record.id}`,
      apiTokenId: token.row.id,
    }))
    await server.database.write(unit => insertMany(unit.rows(IdempotencyRecordEntity), ofToken))
    const full = await sendWithKey(token.client, randomUUID(), edit('Nora'))
    expect(refusalIn(full)).toEqual([429, 'IDEMPOTENCY_KEYS_EXHAUSTED'])
    const next = await apiTokenOf(server, asCaller(person))
    const byNext = await sendWithKey(next.client, randomUUID(), edit('Nora'))
    expect(byNext.data.updateUser.errors).toEqual([])

    const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const renewed = await server.signedIn(person, newPassword)
    const change = passwordChange(newPassword, 'Quiet-Orchard-58')
    const refused = await sendWithKey(renewed, randomUUID(), change)
    expect(refusalIn(refused)).toEqual([429, 'IDEMPOTENCY_KEYS_EXHAUSTED'])
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(keptForMs / 2000 - 60)
    expect(wait).toBeLessThanOrEqual(keptForMs / 2000)
    // Nothing was executed, earlier requests are still known, and requests without a key still
    // work.
    expect(isReplay(await sendWithKey(client, key, sent))).toBe(true)
    const { data } = await renewed.query(change.query, change.variables)
    expect(data.changePassword.errors).toEqual([])

    const theirs = await sendWithKey(admin, randomUUID(), invitation(`${person.id}@rekey.example`))
    expect(theirs.data.inviteUser.errors).toEqual([])
  })
})
