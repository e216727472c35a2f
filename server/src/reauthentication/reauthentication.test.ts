import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { requirementsOf } from '../access/guards.js'
import { createSchemaToRead } from '../app/schema.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { type Answer, goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'
import { proofLastsMs } from './recent-proof.js'

let server: TestServer
let owner: UserEntity
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  owner = await server.addUser({ role: 'OWNER' })
})
afterAll(() => server.stop())

/** Sets the age of the last proof in every session of a user. */
const age = (userId: string, ms = proofLastsMs + 1000) =>
  server.database.write(async unit => {
    await unit.rows(SessionEntity).update({ userId }, { provedAt: new Date(Date.now() - ms) })
  })

const reauthenticate = (by: TestClient, input: Record<string, unknown>) =>
  by.query(
    `mutation ($input: ReauthenticateInput!) {
      reauthenticate(input: $input) {
        errors { __typename ... on UserError { path } ... on TooManyAttempts { retryAfterSeconds } }
      }
    }`,
    { input },
  )

const errorsOf = async (by: TestClient, input: Record<string, unknown>) =>
  (await reauthenticate(by, input)).data.reauthenticate.errors

/** A sensitive mutation that changes nothing. */
const sensitiveMutation =
  'mutation { removeAllowedAddress(input: { id: "none" }) { errors { __typename } } }'

const isProofRequired = async (by: TestClient) => {
  const { errors } = await by.query(sensitiveMutation)
  return errors?.[0]?.extensions.code === 'REAUTHENTICATION_REQUIRED'
}

describe('a sensitive action', () => {
  it('is allowed within ten minutes of the last proof, but not later', async () => {
    client = await server.signedIn(owner)
    expect(await isProofRequired(client)).toBe(false)
    await age(owner.id, proofLastsMs - 5000)
    expect(await isProofRequired(client)).toBe(false)
    // As if the clock had been a day ahead.
    await age(owner.id, -24 * 60 * 60 * 1000)
    expect(await isProofRequired(client)).toBe(true)
    await age(owner.id)
    const answer = await client.query(sensitiveMutation)
    expect(answer.data).toBeNull()
    expect(answer.errors).toMatchObject([
      {
        message: 'Confirm your identity: call the mutation reauthenticate, then send this again.',
        extensions: { code: 'REAUTHENTICATION_REQUIRED' },
      },
    ])
  })

  it('is allowed again after the password was entered, only in this session', async () => {
    client = await server.signedIn(owner)
    const other = await server.signedIn(owner)
    await age(owner.id)
    expect(await errorsOf(client, { password: goodPassword })).toEqual([])
    expect(await isProofRequired(client)).toBe(false)
    expect(await isProofRequired(other)).toBe(true)
  })

  it('is allowed after the caller changed their own password', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const browser = await server.signedIn(admin)
    await age(admin.id)
    await browser.changePassword({
      currentPassword: goodPassword,
      newPassword: 'Brisk-Meadow-41',
    })
    expect(await isProofRequired(browser)).toBe(false)
  })

  it('is not allowed by a proof in the same request', async () => {
    client = await server.signedIn(owner)
    await age(owner.id)
    const { data, errors } = await client.query(
      `mutation ($password: String!) {
        reauthenticate(input: { password: $password }) { errors { __typename } }
        removeAllowedAddress(input: { id: "none" }) { errors { __typename } }
      }`,
      { password: goodPassword },
    )
    expect(data).toBeNull()
    expect(errors).toMatchObject([{ extensions: { code: 'REAUTHENTICATION_REQUIRED' } }])
  })

  it('requires a sign-in first if the caller is signed out', async () => {
    expect((await server.client().query(sensitiveMutation)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    expect(
      (await reauthenticate(server.client(), { password: goodPassword })).errors,
    ).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })
})

describe('a mutation that is sensitive only in part', () => {
  const updateUser = (by: TestClient, input: Record<string, unknown>) =>
    by.query(
      'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { errors { __typename } } }',
      { input },
    )
  const codes = ({ errors }: Answer) => (errors ?? []).map(error => error.extensions.code)
  const asked = ['REAUTHENTICATION_REQUIRED']

  it('requires a proof to change a login, but not the rest of a profile', async () => {
    const user = await server.addUser()
    client = await server.signedIn(owner)
    await age(owner.id)
    const login = 'mailbox.of.a.thief@rekey.example'
    expect(codes(await updateUser(client, { userId: user.id, login }))).toEqual(asked)
    expect(codes(await updateUser(client, { userId: owner.id, login }))).toEqual(asked)
    const same = { userId: user.id, login: user.login, firstName: 'Changed' }
    expect((await updateUser(client, same)).data.updateUser.errors).toEqual([])
    expect(await server.services.users.find(user.id)).toMatchObject({
      login: user.login,
      firstName: 'Changed',
    })
    await errorsOf(client, { password: goodPassword })
    expect((await updateUser(client, { userId: user.id, login })).data.updateUser.errors).toEqual(
      [],
    )
  })

  it('requires a proof to invite users, but not for a dry run', async () => {
    client = await server.signedIn(owner)
    await age(owner.id)
    const invite = (user: Record<string, unknown>) =>
      client.query(
        'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { errors { __typename } } }',
        { input: { firstName: 'New', ...user } },
      )
    const inviteMany = (users: Record<string, unknown>[], dryRun: boolean) =>
      client.query(
        'mutation ($input: InviteUsersInput!) { inviteUsers(input: $input) { results { errors { __typename } } } }',
        { input: { users: users.map(user => ({ firstName: 'New', ...user })), dryRun } },
      )
    const plain = { login: 'plain@rekey.example' }
    const admin = { login: 'thief@rekey.example', role: 'ADMIN' }
    const holder = { login: 'holder@rekey.example', grantedPermissions: ['users.read'] }
    expect(codes(await invite(plain))).toEqual(asked)
    expect(codes(await invite(admin))).toEqual(asked)
    expect(codes(await invite(holder))).toEqual(asked)
    expect(codes(await inviteMany([plain], false))).toEqual(asked)
    expect(codes(await inviteMany([plain, admin], false))).toEqual(asked)
    expect(codes(await inviteMany([plain, admin], true))).toEqual([])
    expect(await server.services.users.findByLogin(plain.login)).toBeNull()
    await errorsOf(client, { password: goodPassword })
    expect(codes(await invite(plain))).toEqual([])
    expect(codes(await inviteMany([admin, holder], false))).toEqual([])
    expect(await server.services.users.findByLogin(admin.login)).toMatchObject({ role: 'ADMIN' })
  })
})

describe('a session with an old proof', () => {
  const ids = async (by: TestClient) => {
    const { data } = await by.query('{ sessions { nodes { id current } } }')
    const nodes: { id: string; current: boolean }[] = data.sessions.nodes
    const idsOf = (current: boolean) =>
      nodes.filter(node => node.current === current).map(({ id }) => id)
    return { own: idsOf(true), others: idsOf(false) }
  }
  const end = (by: TestClient, sessionId: string) =>
    by.query(
      'mutation ($input: EndSessionInput!) { endSession(input: $input) { errors { __typename } } }',
      { input: { sessionId } },
    )

  it('can end itself, but other sessions only after a proof', async () => {
    const user = await server.addUser()
    const [browser, other] = [await server.signedIn(user), await server.signedIn(user)]
    await age(user.id)
    const {
      own: [ownId = ''],
      others: [otherId = ''],
    } = await ids(browser)
    const asked = [{ extensions: { code: 'REAUTHENTICATION_REQUIRED' } }]
    expect((await end(browser, otherId)).errors).toMatchObject(asked)
    const all = 'mutation { endOtherSessions { count } }'
    expect((await browser.query(all)).errors).toMatchObject(asked)
    expect(await other.whoAmI()).toBe(user.login)

    await errorsOf(browser, { password: goodPassword })
    expect((await end(browser, otherId)).data.endSession.errors).toEqual([])
    expect(await other.whoAmI()).toBeNull()

    await age(user.id)
    expect((await end(browser, ownId)).data.endSession.errors).toEqual([])
    expect(await browser.whoAmI()).toBeNull()
  })

  it('can block and unblock users only after a proof', async () => {
    const [user, blocked] = [await server.addUser(), await server.addUser({ status: 'BLOCKED' })]
    client = await server.signedIn(owner)
    await age(owner.id)
    const change = (name: 'block' | 'unblock', id: string) =>
      client.query(
        `mutation { ${name}Users(input: { userIds: ["${id}"] }) { errors { __typename } } }`,
      )
    const changeBoth = async () => [
      await change('block', user.id),
      await change('unblock', blocked.id),
    ]
    const statuses = async () => [
      (await server.services.users.find(user.id))?.status,
      (await server.services.users.find(blocked.id))?.status,
    ]
    for (const { errors } of await changeBoth()) {
      expect(errors).toMatchObject([{ extensions: { code: 'REAUTHENTICATION_REQUIRED' } }])
    }
    expect(await statuses()).toEqual(['ACTIVE', 'BLOCKED'])
    await errorsOf(client, { password: goodPassword })
    for (const { errors } of await changeBoth()) expect(errors).toBeUndefined()
    expect(await statuses()).toEqual(['BLOCKED', 'ACTIVE'])
  })
})

describe('a stolen session', () => {
  it('cannot do sensitive actions without the password, also not after its owner’s proof', async () => {
    client = await server.signedIn(owner)
    const thief = client.clone()
    await age(owner.id)
    expect(await errorsOf(thief, { password: 'Wrong-One-123' })).toEqual([
      { __typename: 'CurrentPasswordIncorrect', path: ['password'] },
    ])
    expect(await errorsOf(thief, { password: '' })).toHaveLength(1)
    expect(await isProofRequired(thief)).toBe(true)

    expect(await errorsOf(client, { password: goodPassword })).toEqual([])
    expect(await isProofRequired(client)).toBe(false)
    // The thief's copy has the old token, which is now invalid (session fixation).
    expect(await thief.whoAmI()).toBeNull()
  })

  it('is throttled when it guesses the password, together with guesses at changePassword', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '4' })
    try {
      const user = await strict.addUser({ role: 'OWNER' })
      const thief = await strict.signedIn(user)
      for (const currentPassword of ['Guess-1', 'Guess-2']) {
        await thief.changePassword({ currentPassword, newPassword: 'Brisk-Meadow-41' })
      }
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => reauthenticate(thief, { password: `G${index}` })),
      )
      const kinds = answers.map(({ data }) => data.reauthenticate.errors[0].__typename)
      expect(kinds.filter(kind => kind === 'CurrentPasswordIncorrect')).toHaveLength(2)
      const [error] = (await reauthenticate(thief, { password: goodPassword })).data.reauthenticate
        .errors
      expect(error).toMatchObject({ __typename: 'TooManyAttempts', path: ['password'] })
      expect(error.retryAfterSeconds).toBeGreaterThan(0)

      const recorded = await strict.database.read(unit =>
        unit.rows(OperationEntity).findBy({ action: 'REAUTHENTICATE', actorId: user.id }),
      )
      expect(recorded.map(({ reason }) => reason).sort()).toEqual([
        'CURRENT_PASSWORD_INCORRECT',
        'CURRENT_PASSWORD_INCORRECT',
        'TOO_MANY_ATTEMPTS',
      ])
    } finally {
      await strict.stop()
    }
  })
})

describe('a proof', () => {
  it('is recorded, and the password is neither stored nor logged', async () => {
    const secret = 'Only-Here-5823'
    const user = await server.addUser({ password: secret })
    const browser = await server.signedIn(user, secret)
    await reauthenticate(browser, { password: secret })
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'REAUTHENTICATE', actorId: user.id }),
    )
    expect(recorded).toMatchObject([{ outcome: 'DONE', subjectId: user.id }])
    expect(server.log() + (await server.storedBytes())).not.toContain(secret)
  })

  it('is rejected if the password was changed in the meantime', async () => {
    const user = await server.addUser()
    const browser = await server.signedIn(user)
    const session = browser.session?.split('=')[1] ?? ''
    const { caller } = await server.services.sessions.find(session, '127.0.0.1')
    if (caller === null) throw new Error('Nobody is signed in.')
    const passwordHash = await server.services.hasher.hashPassword('Other-Meadow-41')
    const other = { passwordHash, mustChange: false, expiresAt: null, verifiesLogin: false }
    await server.database.write(unit => server.services.users.replacePassword(unit, user, other))
    const proof = {
      password: goodPassword,
      code: null,
      passkeyResponse: null,
      deviceToken: undefined,
    }
    const origin = { ip: '127.0.0.1', userAgent: '', requestId: 'test' }
    expect(await server.services.reauthentication.reauthenticate(caller, proof, origin)).toEqual({
      kind: 'passwordIncorrect',
    })
  })

  it('is rejected without a server error if the passkey response is malformed', async () => {
    client = await server.signedIn(owner)
    for (const passkeyResponse of [[], {}, 5, 'x', { id: { __proto__: null } }]) {
      const { errors } = await reauthenticate(client, {
        password: 'Wrong-One-123',
        passkeyResponse,
      })
      expect(errors).toBeUndefined()
    }
  })
})

/** A minimal value of a type. */
const exampleOf = (type: GraphQLInputType): unknown => {
  if (isNonNullType(type)) return exampleOf(type.ofType)
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(field => isNonNullType(field.type))
    return Object.fromEntries(required.map(field => [field.name, exampleOf(field.type)]))
  }
  const scalars: Record<string, unknown> = {
    Boolean: true,
    Int: 1,
    Float: 1,
    DateTimeISO: '2026-01-01T00:00:00Z',
  }
  return scalars[type.name] ?? 'none'
}

const schema = createSchemaToRead()
const required = requirementsOf(schema)
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).map(
  ({ name, args: [input] }) => {
    const [declared, given] =
      input === undefined ? ['', ''] : [`($input: ${input.type})`, '(input: $input)']
    const query = `mutation ${declared} { ${name}${given} { __typename } }`
    const variables = input === undefined ? {} : { input: exampleOf(input.type) }
    const asks = required.get(name)?.recentProof === true
    return { name, query, variables, asks }
  },
)

describe('the recent proof', () => {
  it('is required by some mutations and not by others', () => {
    const asking = mutations.filter(({ asks }) => asks).map(({ name }) => name)
    expect(asking).toContain('updateSecuritySettings')
    expect(asking).not.toContain('changePassword')
    expect(asking).not.toContain('reauthenticate')
  })

  it.each(mutations)(
    'is checked as declared at $name (required: $asks)',
    async ({ query, variables, asks }) => {
      const browser = await server.signedIn(owner)
      await age(owner.id)
      const codes = (await browser.query(query, variables)).errors?.map(
        error => error.extensions.code,
      )
      if (asks) expect(codes).toEqual(['REAUTHENTICATION_REQUIRED'])
      else expect(codes ?? []).not.toContain('REAUTHENTICATION_REQUIRED')

      if (!asks) return
      const fresh = await server.signedIn(owner)
      const { errors = [] } = await fresh.query(query, variables)
      expect(errors.map(error => error.extensions.code)).not.toContain('REAUTHENTICATION_REQUIRED')
    },
  )
})
