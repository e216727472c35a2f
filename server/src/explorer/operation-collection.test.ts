import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse, validate } from 'graphql'
import { createSchemaToRead } from '../app/schema.js'
import { dayMs, fromNow } from '../testing/api-token-client.js'
import { collectionFile, type TestClient, TestServer } from '../testing/test-server.js'
import { readCollection } from './operation-collection.js'

const text = readFileSync(collectionFile, 'utf8')
const collection = readCollection(text)

describe('the example operations', () => {
  it('fit the schema, all together', () => {
    expect(validate(createSchemaToRead(), parse(text)).map(error => error.message)).toEqual([])
  })

  it.each(collection.map(one => [one.name, one] as const))(
    '%s fits the schema by itself',
    (_name, one) => {
      const document = parse(one.document)
      expect(validate(createSchemaToRead(), document)).toEqual([])
      expect(document.definitions).toHaveLength(1)
      expect(one.document.startsWith('# ')).toBe(true)
      expect(one.document).not.toContain('Variables:')
    },
  )
})

describe('the example operations, run as written by an owner', () => {
  let server: TestServer
  let client: TestClient
  let someone: string
  let apiTokenId: string
  let jobId: string
  const login = 'olivia@demo.example'
  beforeAll(async () => {
    server = await TestServer.start()
    await server.addUser({ login, firstName: 'Olivia', lastName: 'Bennett', role: 'OWNER' })
    apiTokenId = 'none yet'
    jobId = 'none yet'
    someone = (await server.addUser({ login: 'maya@demo.example' })).id
    for (let index = 0; index < 10; index += 1) {
      await server.addUser({ login: `other${index}@demo.example` })
    }
    client = server.client()
    await client.logIn(login, 'not the password')
  })
  afterAll(() => server.stop())

  /** Sends an operation with its example variables, and replaces placeholder ids. */
  const run = async (name: string) => {
    const one = collection.find(other => other.name === name)
    if (one === undefined) throw new Error(`The operation ${name} does not exist.`)
    const variables = (one.variables ?? '{}')
      .replaceAll('the id of a user, from Users', someone)
      .replaceAll('the id of a token, from ApiTokens', apiTokenId)
      .replaceAll('the id of a job, from StartBulkJob', jobId)
      .replaceAll(/a time at most a year from now, such as [^"]+/g, fromNow(dayMs).toISOString())
    const answer = await client.query(one.document, JSON.parse(variables))
    expect([name, answer.errors]).toEqual([name, undefined])
    return answer.data
  }

  // In the order of the file, because later operations depend on earlier ones.
  const outcomes: Record<string, (data: unknown) => void> = {
    WhoAmI: data => expect(data).toEqual({ viewer: null }),
    LogIn: data =>
      expect(data).toMatchObject({ logIn: { user: { name: 'Olivia Bennett' }, errors: [] } }),
    PasswordPolicy: data =>
      expect(data).toMatchObject({
        passwordPolicy: {
          rules: expect.arrayContaining(
            [{ rule: 'MIN_LENGTH', min: 12 }].map(expect.objectContaining),
          ),
        },
      }),
    ChangePassword: data =>
      expect(data).toMatchObject({ changePassword: { user: { login }, errors: [] } }),
    Users: data =>
      expect(data).toMatchObject({
        users: { pageInfo: { hasNextPage: true }, nodes: expect.any(Array) },
      }),
    UserByLogin: data => expect(data).toMatchObject({ userByLogin: { id: someone } }),
    User: data => expect(data).toMatchObject({ user: { id: someone, login: 'maya@demo.example' } }),
    Nodes: data => expect(data).toMatchObject({ nodes: [{ __typename: 'User', id: someone }] }),
    UpdateUser: data =>
      expect(data).toMatchObject({ updateUser: { user: { phone: '+12025550199' }, errors: [] } }),
    InviteUser: data =>
      expect(data).toMatchObject({
        inviteUser: { user: { status: 'INVITED', invitation: { status: 'VALID' } }, errors: [] },
      }),
    InviteUsers: data =>
      expect(data).toMatchObject({
        inviteUsers: { results: [{ errors: [] }, { errors: [{ path: expect.any(Array) }] }] },
      }),
    ImportUsers: data =>
      expect(data).toMatchObject({
        importUsers: { results: [{ errors: [] }, { errors: [{ hashReason: 'UNKNOWN_FORMAT' }] }] },
      }),
    ChangeAccess: data =>
      expect(data).toMatchObject({
        changeAccess: { user: { permissions: ['users.read', 'api.explore'] }, errors: [] },
      }),
    BlockUsers: data =>
      expect(data).toMatchObject({ blockUsers: { results: [{ user: { status: 'BLOCKED' } }] } }),
    UnblockUsers: data =>
      expect(data).toMatchObject({ unblockUsers: { results: [{ user: { status: 'ACTIVE' } }] } }),
    SignOutUsers: data =>
      expect(data).toMatchObject({ signOutUsers: { results: [{ errors: [] }] } }),
    RequirePasswordChange: data =>
      expect(data).toMatchObject({ requirePasswordChange: { results: [{ errors: [] }] } }),
    WithdrawPasswordChangeRequirement: data =>
      expect(data).toMatchObject({
        withdrawPasswordChangeRequirement: { results: [{ errors: [] }] },
      }),
    SendPasswordResetLinks: data =>
      expect(data).toMatchObject({
        sendPasswordResetLinks: { results: [{ errors: [{ __typename: 'MailNotConfigured' }] }] },
      }),
    StartBulkJob: data => {
      expect(data).toMatchObject({ startBulkJob: { job: { total: 1 }, errors: [] } })
      jobId = (data as { startBulkJob: { job: { id: string } } }).startBulkJob.job.id
    },
    BulkJob: data => expect(data).toMatchObject({ bulkJob: { total: 1, refused: 0 } }),
    CancelBulkJob: data => expect(data).toMatchObject({ cancelBulkJob: { errors: [] } }),
    Operations: data => expect(data).toMatchObject({ operations: { totalCount: 1 } }),
    Sessions: data => expect(data).toMatchObject({ sessions: { nodes: [{ current: true }] } }),
    EndOtherSessions: data => expect(data).toMatchObject({ endOtherSessions: { errors: [] } }),
    ApiTokens: data => expect(data).toMatchObject({ apiTokens: { totalCount: 0, nodes: [] } }),
    AllApiTokens: data =>
      expect(data).toMatchObject({ allApiTokens: { totalCount: 0, nodes: [] } }),
    RevokeUserApiToken: data =>
      expect(data).toMatchObject({
        revokeUserApiToken: { errors: [{ __typename: 'ApiTokenNotFound' }] },
      }),
    UpdateSecuritySettings: data =>
      expect(data).toMatchObject({
        updateSecuritySettings: { settings: { apiTokenMaxDays: 90 }, errors: [] },
      }),
    CreateApiToken: data => {
      expect(data).toMatchObject({
        createApiToken: { token: expect.stringMatching(/^rk_live_/), errors: [] },
      })
      apiTokenId = (data as { createApiToken: { apiToken: { id: string } } }).createApiToken
        .apiToken.id
    },
    RevokeApiToken: data =>
      expect(data).toMatchObject({ revokeApiToken: { revokedApiTokenId: apiTokenId, errors: [] } }),
    Outbox: data =>
      expect(data).toMatchObject({
        mailDelivery: { configured: false, problem: null, serverFault: null },
        outboxMails: { totalCount: expect.any(Number) },
      }),
    Home: data =>
      expect(data).toMatchObject({
        home: { setup: expect.arrayContaining([{ step: 'MAIL', done: false, skipped: false }]) },
      }),
    Notifications: data =>
      expect(data).toMatchObject({
        unseenNotificationCount: expect.any(Number),
        notifications: { pageInfo: { hasNextPage: false } },
      }),
    MarkNotificationsSeen: data =>
      expect(data).toEqual({
        markNotificationsSeen: { unseenNotificationCount: expect.any(Number) },
      }),
    SendTestMail: data =>
      expect(data).toEqual({ sendTestMail: { delivered: true, answer: null, errors: [] } }),
    LogOut: data => expect(data).toEqual({ logOut: { errors: [] } }),
  }

  it('do what their comments say', async () => {
    expect(Object.keys(outcomes)).toEqual(collection.map(one => one.name))
    for (const [name, check] of Object.entries(outcomes)) check(await run(name))
    expect(await client.whoAmI()).toBeNull()
  })
})

describe('a collection', () => {
  it('gives each operation its own comment and variables, and ignores other comments', () => {
    const [one, other] = readCollection(
      '# About the file.\n\n# Asks\n# twice.\n# Variables:\n# {\n#   "id": "x"\n# }\nquery A($id: ID!) { user(id: $id) { id } }\n\n# B.\nquery B { viewer { id } }\n',
    )
    expect(one).toEqual({
      name: 'A',
      description: 'Asks twice.',
      document: '# Asks\n# twice.\nquery A($id: ID!) { user(id: $id) { id } }',
      variables: '{\n  "id": "x"\n}',
    })
    expect(other).toEqual({
      name: 'B',
      description: 'B.',
      document: '# B.\nquery B { viewer { id } }',
      variables: null,
    })
  })

  it.each([
    ['has no comment', '# Of the file.\n\nquery A { viewer { id } }', 'A has no comment'],
    ['has no name', '# Asks.\n{ viewer { id } }', 'only operations with names'],
    ['is a fragment', '# Part.\nfragment A on User { id }', 'only operations with names'],
    [
      'has variables that are not JSON',
      '# A.\n# Variables:\n# {x}\nquery A { viewer { id } }',
      'JSON',
    ],
  ])('is rejected if one operation %s', (_what, broken, message) => {
    expect(() => readCollection(broken)).toThrow(message)
  })
})
