import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Permission } from '@rekey/shared/access'
import { OperationEntity } from '../operations/operation.entity.js'
import { ImportedWorkEntity } from '../password-hashing/imported-work.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { foreignHashes, foreignPassword, tooExpensiveHashes } from '../testing/foreign-hashes.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'

const realCost = { ARGON2_MEMORY_KIB: '19456', ARGON2_PASSES: '2' }

let server: TestServer
let asOwner: TestClient
beforeAll(async () => {
  server = await TestServer.start({ ...realCost, PUBLIC_URL: 'http://rekey.example' })
  const owner = await server.addUser({ role: 'OWNER', firstName: 'Ada', lastName: 'Nowak' })
  asOwner = await server.signedIn(owner)
})
afterAll(() => server.stop())

const importUsers = async (
  users: Record<string, unknown>[],
  options: Record<string, unknown> = {},
  client = asOwner,
) => {
  const answer = await client.query(
    `mutation ($input: ImportUsersInput!) {
      importUsers(input: $input) {
        errors { message }
        results {
          index
          user { id login status role grantedPermissions passwordChangedAt }
          errors {
            __typename
            ... on UserError { message path }
            ... on PasswordHashRejected { reason }
            ... on AccessDenied { accessReason: reason }
          }
        }
      }
    }`,
    { input: { users: users.map(user => ({ firstName: 'Nele', ...user })), ...options } },
  )
  return { ...answer, results: answer.data?.importUsers.results }
}

let count = 0
const freshLogin = () => {
  count += 1
  return `import${count}@rekey.example`
}
const cheap = foreignHashes['bcrypt for Python: 2b']
const rowOf = (login: string) =>
  server.database.read(unit => unit.rows(UserEntity).findOneByOrFail({ loginKey: login }))
// The kinds of imported hashes are limited.
beforeEach(async () => {
  await server.database.write(unit =>
    unit.rows(UserEntity).update({ role: 'MEMBER' }, { passwordHash: null }),
  )
  await server.services.importedWork.sweep()
})
const kinds = () => server.database.read(unit => unit.rows(ImportedWorkEntity).find())
const signIn = async (login: string, password: string) => {
  const { data } = await server.client().logIn(login, password)
  const [error] = data.logIn.errors
  return error?.__typename ?? data.logIn.user.login
}

describe('an imported user', () => {
  it.each(Object.entries(foreignHashes))(
    'keeps their password, which Rekey then hashes itself (%s)',
    async (_from, passwordHash) => {
      const login = freshLogin()
      const { results } = await importUsers([{ login, passwordHash }])
      expect(results).toMatchObject([{ index: 0, user: { login, status: 'ACTIVE' }, errors: [] }])
      expect(await signIn(login, `${foreignPassword}x`)).toBe('InvalidCredentials')
      expect((await rowOf(login)).passwordHash).toMatch(/^imported:/)
      expect(await signIn(login, foreignPassword)).toBe(login)
      const own = (await rowOf(login)).passwordHash
      expect(own).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$/)
      expect(own).not.toBe(passwordHash)
      expect(await signIn(login, foreignPassword)).toBe(login)
      expect(await signIn(login, `${foreignPassword}x`)).toBe('InvalidCredentials')
    },
  )

  // Made of the decomposed "ü", as some keyboards type it.
  it.each([
    '$pbkdf2-sha256$10000$5rw3prTWOieklJJyDuE8Zw$jDUz6ouXO4XaWKs9ADZClpu8gNVaY56SsX3n76aeerc',
    '$2b$08$7TNa3b3ZL/SPH5hZ0ofmGejQdx6Ef3jt0AJjtnT3z06/EuplNWyYq',
    '$argon2id$v=19$m=19456,t=2,p=1$iMG9Oh5dkOu0e+CGPfY33w$MzG2K0VJbriIagQ8FxjcbIvicTtcSIavhIqL+Civ2cU',
  ])('signs in with the bytes that the other system hashed: %s', async passwordHash => {
    const login = freshLogin()
    await importUsers([{ login, passwordHash }])
    expect(await signIn(login, foreignPassword.normalize('NFC'))).toBe('InvalidCredentials')
    expect(await signIn(login, foreignPassword.normalize('NFD'))).toBe(login)
    // Rekey's own hash is of the NFC form.
    expect(await signIn(login, foreignPassword.normalize('NFC'))).toBe(login)
  })

  it('has proved no mailbox, and has the given time of the last password change', async () => {
    const login = freshLogin()
    const passwordChangedAt = '2024-02-03T04:05:06.000Z'
    const { results } = await importUsers([{ login, passwordHash: cheap, passwordChangedAt }])
    expect(results[0].user.passwordChangedAt).toBe(passwordChangedAt)
    expect((await rowOf(login)).loginVerifiedAt).toBeNull()
    expect(await signIn(login, foreignPassword)).toBe(login)
  })

  it('changes the password with the imported one, and cannot choose it again', async () => {
    const login = freshLogin()
    await importUsers([{ login, passwordHash: cheap }])
    const { passwordHash: imported } = await rowOf(login)
    const client = server.client()
    await client.logIn(login, foreignPassword)
    // As if the user had an open session before the hash was replaced.
    await server.database.write(unit =>
      unit.rows(UserEntity).update({ loginKey: login }, { passwordHash: imported }),
    )
    const change = async (currentPassword: string, newPassword: string) => {
      const answer = await client.query(
        `mutation ($input: ChangePasswordInput!) {
          changePassword(input: $input) { errors { __typename ... on PasswordPolicyViolated { violations { rule } } } }
        }`,
        { input: { currentPassword, newPassword } },
      )
      return answer.data.changePassword.errors
    }
    expect(await change('Wrong-One-123', 'Brisk-Meadow-41')).toMatchObject([
      { __typename: 'CurrentPasswordIncorrect' },
    ])
    expect(await change(foreignPassword, 'Brisk-Meadow-41')).toEqual([])
    expect(await change('Brisk-Meadow-41', foreignPassword)).toMatchObject([
      { violations: [{ rule: 'REUSED' }] },
    ])
  })

  it('gets a mail, unless the caller wants none', async () => {
    const [notified, other] = [freshLogin(), freshLogin()]
    await importUsers([{ login: notified, passwordHash: cheap }])
    await importUsers([{ login: other, passwordHash: cheap }], { sendMail: false })
    const [mail] = await server.mailsTo(notified)
    expect(mail?.subject).toBe('Your account is now in Rekey')
    expect(mail?.text).toContain('Ada Nowak')
    expect(mail?.text).not.toContain('$2b$')
    expect(await server.mailsTo(other)).toEqual([])
  })
})

describe('a rejected row', () => {
  it('is returned with its reason, and the others are imported', async () => {
    const [first, last] = [freshLogin(), freshLogin()]
    const reject = (passwordHash: string) => ({ login: freshLogin(), passwordHash })
    const { results } = await importUsers([
      { login: first, passwordHash: cheap },
      reject('5f4dcc3b5aa765d61d8327deb882cf99'),
      reject('$2b$10$tooshort'),
      reject('$2b$07$Gu7Fel4ub2B7Ex0IWzLea./i2uvV40c04Qs8cBTxttNldh.c6qKMG'),
      reject('$2b$13$HoJb2LSHG9eU/P99KyGv1.hagf1we/s3or1T4I901X.CMSTy/o.bm'),
      ...Object.values(tooExpensiveHashes).map(reject),
      { login: first, passwordHash: cheap },
      { login: 'nowhere', passwordHash: 'x' },
      { ...reject(cheap), passwordChangedAt: '2999-01-01T00:00:00Z' },
      { login: last, passwordHash: cheap },
    ])
    type Row = { errors: { __typename: string; reason?: string; path: string[] }[] }
    expect(
      results.map(({ errors }: Row) => errors.map(one => one.reason ?? one.__typename)),
    ).toEqual([
      [],
      ['UNKNOWN_FORMAT'],
      ['MALFORMED'],
      ['TOO_CHEAP'],
      ['TOO_EXPENSIVE'],
      ['TOO_EXPENSIVE'],
      ['TOO_EXPENSIVE'],
      ['LoginTaken'],
      ['InvalidField', 'UNKNOWN_FORMAT'],
      ['InvalidField'],
      [],
    ])
    expect(results[1].errors[0].path).toEqual(['passwordHash'])
    expect(results[9].errors[0].path).toEqual(['passwordChangedAt'])
    expect(await signIn(last, foreignPassword)).toBe(last)
  })

  it('has an external id that another user has, also if that user is in the same list', async () => {
    const [first, last] = [freshLogin(), freshLogin()]
    const { results } = await importUsers([
      { login: first, passwordHash: cheap, externalId: 'I-1', metadata: { from: 'Django' } },
      { login: freshLogin(), passwordHash: cheap, externalId: 'I-1' },
      { login: last, passwordHash: cheap, externalId: 'I-2' },
    ])
    const types = results.map(({ errors }: { errors: { __typename: string; path: string[] }[] }) =>
      errors.map(({ __typename, path }) => [__typename, ...path]),
    )
    expect(types).toEqual([[], [['ExternalIdTaken', 'externalId']], []])
    expect(await rowOf(first)).toMatchObject({ externalId: 'I-1', metadata: '{"from":"Django"}' })
    expect((await rowOf(last)).externalId).toBe('I-2')
  })

  it('has a fifth kind of hash, until the users of another kind have signed in', async () => {
    const four = [
      foreignHashes['Django 5.2: PBKDF2 with SHA-256'],
      foreignHashes['Django 5.2: PBKDF2 with SHA-1'],
      foreignHashes['Django 5.2: scrypt'],
      cheap,
    ]
    const logins = four.map(freshLogin)
    const users = four.map((passwordHash, index) => ({ login: logins[index], passwordHash }))
    const fifth = {
      login: freshLogin(),
      passwordHash: foreignHashes['passlib 1.7: PBKDF2 with SHA-512'],
    }
    const { results } = await importUsers([...users, fifth])
    expect(results[4].errors).toMatchObject([{ reason: 'TOO_MANY_KINDS' }])
    expect((await importUsers([fifth])).results[0].errors).toMatchObject([
      { reason: 'TOO_MANY_KINDS' },
    ])
    await signIn(logins[3] ?? '', foreignPassword)
    await server.services.importedWork.sweep()
    expect((await kinds()).map(({ kind }) => kind).sort()).toEqual([
      'pbkdf2-sha1',
      'pbkdf2-sha256',
      'scrypt-16384-8',
    ])
    expect((await importUsers([fifth])).results[0].errors).toEqual([])
  })

  it('leaves an existing user as they are', async () => {
    const user = await server.addUser()
    const before = await server.services.users.find(user.id)
    const { results } = await importUsers([{ login: user.login, passwordHash: cheap }])
    expect(results).toMatchObject([{ user: null, errors: [{ __typename: 'LoginTaken' }] }])
    expect(await server.services.users.find(user.id)).toEqual(before)
    expect(await signIn(user.login, goodPassword)).toBe(user.login)
  })
})

describe('the rights to import', () => {
  const managerWith = async (...grantedPermissions: Permission[]) =>
    server.signedIn(await server.addUser({ grantedPermissions }))

  it.each([['users.import'], ['users.invite']] as Permission[][])(
    'include both permissions, not only %s',
    async permission => {
      const client = await managerWith(permission)
      const { errors } = await importUsers(
        [{ login: freshLogin(), passwordHash: cheap }],
        {},
        client,
      )
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    },
  )

  it('allow no more access than the caller has, even with an API token', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { client: token } = await apiTokenOf(server, owner, ['users.import', 'users.invite'])
    const callers = [token, await managerWith('users.import', 'users.invite')]
    for (const client of callers) {
      const logins = [freshLogin(), freshLogin(), freshLogin()] as const
      const { results } = await importUsers(
        [
          { login: logins[0], passwordHash: cheap, role: 'ADMIN' },
          { login: logins[1], passwordHash: cheap, grantedPermissions: ['users.manage'] },
          { login: logins[2], passwordHash: cheap, grantedPermissions: ['users.invite'] },
        ],
        { sendMail: false },
        client,
      )
      const denied = (field: string) => [{ __typename: 'AccessDenied', path: [field] }]
      expect(results[0].errors).toMatchObject(denied('role'))
      expect(results[1].errors).toMatchObject(denied('grantedPermissions'))
      expect(results[2].errors).toEqual([])
    }
  })
})

describe('the traces of an import', () => {
  it('name the access of each user, and never the hash', async () => {
    const login = freshLogin()
    const unusable = '$2b$13$HoJb2LSHG9eU/P99KyGv1.hagf1we/s3or1T4I901X.CMSTy/o.bm'
    const answer = await importUsers([
      { login, passwordHash: cheap, grantedPermissions: ['users.read'] },
      { login: freshLogin(), passwordHash: unusable },
    ])
    const operations = await server.database.read(unit =>
      unit.rows(OperationEntity).find({ where: { action: 'IMPORT_USER' }, order: { id: 'DESC' } }),
    )
    expect(operations[0]).toMatchObject({ outcome: 'DONE', subjectId: answer.results[0].user.id })
    const traces = [JSON.stringify(operations), JSON.stringify(answer), server.log()]
    for (const trace of traces) {
      for (const hash of [cheap, unusable]) expect(trace).not.toContain(hash.slice(7))
    }
  })

  it('are one operation for a dry run, which imports nobody and sends nothing', async () => {
    const login = freshLogin()
    const { results } = await importUsers(
      [
        { login, passwordHash: cheap },
        { login: freshLogin(), passwordHash: 'x' },
      ],
      { dryRun: true },
    )
    expect(results).toMatchObject([
      { user: null, errors: [] },
      { user: null, errors: [{ reason: 'UNKNOWN_FORMAT' }] },
    ])
    const previews = await server.database.read(unit =>
      unit.rows(OperationEntity).countBy({ action: 'PREVIEW_IMPORT' }),
    )
    expect(previews).toBe(1)
    await expect(rowOf(login)).rejects.toThrow()
    expect(await server.mailsTo(login)).toEqual([])
  })

  it('are none if no user or more than a hundred are given', async () => {
    for (const users of [
      [],
      Array.from({ length: 101 }, () => ({ login: freshLogin(), passwordHash: cheap })),
    ]) {
      const { errors } = await importUsers(users)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
  })
})
