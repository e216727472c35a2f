import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { permissions } from '@rekey/shared/access'
import { OperationEntity } from '../operations/operation.entity.js'
import { apiTokenOf, bearer, dayMs, fromNow } from '../testing/api-token-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import { ApiTokenEntity } from './api-token.entity.js'
import { maxApiTokens, maxLifetimeDays } from './api-token.service.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const create = async (client: TestClient, given: Record<string, unknown> = {}) => {
  const { data, errors } = await client.query(
    `mutation ($input: CreateApiTokenInput!) {
      createApiToken(input: $input) {
        token
        apiToken {
          id name prefix permissions effectivePermissions createdAt expiresAt lastUsedAt lastUsedIp
        }
        errors { __typename ... on UserError { message path } ... on PermissionNotHeld { permission } }
      }
    }`,
    { input: { name: 'Nightly report', permissions: [], expiresAt: fromNow(dayMs), ...given } },
  )
  return data?.createApiToken ?? errors
}

const revoke = async (client: TestClient, apiTokenId: string) => {
  const { data, errors } = await client.query(
    `mutation ($input: RevokeApiTokenInput!) {
      revokeApiToken(input: $input) {
        revokedApiTokenId
        errors { __typename ... on UserError { path } }
      }
    }`,
    { input: { apiTokenId } },
  )
  return data?.revokeApiToken ?? errors
}

const list = async (client: TestClient, page = '') => {
  const { data, errors } = await client.query(
    `{ apiTokens${page} {
      totalCount
      nodes { id name prefix permissions effectivePermissions lastUsedAt lastUsedIp expiresAt }
      pageInfo { hasNextPage endCursor }
    } }`,
  )
  return data?.apiTokens ?? errors
}

const rowsOf = (userId: string) =>
  server.database.read(unit => unit.rows(ApiTokenEntity).findBy({ userId }))

const change = (id: string, columns: Partial<ApiTokenEntity>) =>
  server.database.write(unit => unit.rows(ApiTokenEntity).update({ id }, columns))

const operationsOf = (actorId: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { actorId }, order: { id: 'ASC' } }),
  )

describe('an API token', () => {
  it('is created, used, listed and revoked', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const browser = await server.signedIn(admin)
    const wanted = ['operations.read', 'users.read', 'users.read']
    const expiresAt = fromNow(90 * dayMs)
    const created = await create(browser, {
      name: ' Nightly report ',
      permissions: wanted,
      expiresAt,
    })
    expect(created).toEqual({
      token: expect.stringMatching(/^rk_live_\w{36}$/),
      apiToken: {
        id: expect.any(String),
        name: 'Nightly report',
        prefix: created.token.slice(0, 14),
        permissions: ['users.read', 'operations.read'],
        effectivePermissions: ['users.read', 'operations.read'],
        createdAt: expect.any(String),
        expiresAt: expiresAt.toISOString(),
        lastUsedAt: null,
        lastUsedIp: null,
      },
      errors: [],
    })

    const script = server.client(bearer(created.token))
    const { data } = await script.query('{ viewer { id role permissions } users { totalCount } }')
    expect(data.viewer).toEqual({
      id: admin.id,
      role: 'ADMIN',
      permissions: ['users.read', 'operations.read'],
    })
    expect(data.users.totalCount).toBeGreaterThan(0)
    expect(script.session).toBeUndefined()

    await server.services.apiTokenVerifier.idle()
    const { nodes, totalCount } = await list(browser)
    expect(totalCount).toBe(1)
    expect(nodes).toMatchObject([{ id: created.apiToken.id, lastUsedIp: '127.0.0.1' }])
    expect(Date.now() - Date.parse(nodes[0].lastUsedAt)).toBeLessThan(60_000)

    expect(await revoke(browser, created.apiToken.id)).toEqual({
      revokedApiTokenId: created.apiToken.id,
      errors: [],
    })
    expect(await script.whoAmI()).toBeNull()
    const refused = await script.query('{ users { totalCount } }')
    expect(refused.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect(await list(browser)).toMatchObject({ totalCount: 0, nodes: [] })
    expect(await revoke(browser, created.apiToken.id)).toEqual({
      revokedApiTokenId: null,
      errors: [{ __typename: 'ApiTokenNotFound', path: ['apiTokenId'] }],
    })
    expect(await operationsOf(admin.id)).toMatchObject([
      { action: 'LOG_IN' },
      { action: 'CREATE_API_TOKEN', outcome: 'DONE', subjectId: admin.id, apiTokenPrefix: null },
      { action: 'REVOKE_API_TOKEN', outcome: 'DONE', subjectId: admin.id, apiTokenPrefix: null },
    ])
  })

  it('causes a mail to its owner, without the token', async () => {
    const member = await server.addUser({
      firstName: 'Maya',
      grantedPermissions: ['users.read', 'users.invite'],
    })
    const browser = server.client({ 'user-agent': 'Firefox' })
    await browser.logIn(member.login)
    const created = await create(browser, {
      name: 'CRM <sync>',
      permissions: ['users.read', 'users.invite'],
      expiresAt: '2999-01-01T00:00:00Z',
    })
    expect(created.errors).toMatchObject([{ __typename: 'ApiTokenExpiryInvalid' }])
    expect(await server.mailsTo(member.login)).toHaveLength(0)

    const { token } = await create(browser, {
      name: 'CRM <sync>',
      permissions: ['users.read', 'users.invite'],
    })
    const [mail] = await server.mailsTo(member.login)
    expect(mail?.subject).toBe('An API token was created')
    expect(mail?.text).toContain('Hello Maya,')
    expect(mail?.text).toContain('Name: CRM <sync>')
    expect(mail?.text).toContain(`Begins with: ${token.slice(0, 14)}\n`)
    expect(mail?.text).toContain('Permissions: See users and Invite users')
    expect(mail?.text).toMatch(/Expires: .* UTC\nWhen: .* UTC\nFrom: 127.0.0.1\nBrowser: Firefox/)
    expect(mail?.text).toContain(new URL('/account/me/api', server.config.publicUrl).href)
    expect(`${mail?.text}${mail?.html}`).not.toContain(token)
    expect(mail?.html).toContain('CRM &lt;sync&gt;')
  })

  it('can only read and edit its owner’s profile if it has no permissions', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const other = await server.addUser()
    const { client } = await apiTokenOf(server, owner)
    const { data } = await client.query(`{ viewer { login permissions viewerCanUpdate } }`)
    expect(data.viewer).toEqual({ login: owner.login, permissions: [], viewerCanUpdate: true })
    const edit = `mutation ($id: ID!) {
      updateUser(input: { userId: $id, firstName: "New" }) { user { firstName } errors { __typename } }
    }`
    expect((await client.query(edit, { id: owner.id })).data.updateUser).toEqual({
      user: { firstName: 'New' },
      errors: [],
    })
    for (const query of [
      '{ users { totalCount } }',
      `{ user(id: "${other.id}") { id } }`,
      '{ operations { totalCount } }',
      '{ webhooks { totalCount } }',
      '{ allowedAddresses { totalCount } }',
    ]) {
      const { errors } = await client.query(query)
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
  })
})

describe('creating an API token', () => {
  let member: Caller
  let browser: TestClient
  beforeAll(async () => {
    member = await server.addUser({ grantedPermissions: ['users.read'] })
    browser = await server.signedIn(member)
  })

  it.each(['', '   ', 'x'.repeat(101), 'line\nbreak', 'tu\u202Erned', '\u0000'])(
    'rejects a name such as %j',
    async name => {
      expect(await create(browser, { name })).toEqual({
        token: null,
        apiToken: null,
        errors: [
          { __typename: 'ApiTokenNameInvalid', message: expect.any(String), path: ['name'] },
        ],
      })
    },
  )

  it('counts the length of the name in characters, not in code units', async () => {
    const name = '🔑'.repeat(100)
    expect(await create(browser, { name })).toMatchObject({ apiToken: { name }, errors: [] })
  })

  it.each([
    ['past', -1000],
    ['this very moment', 0],
    ['too far away', (maxLifetimeDays + 0.01) * dayMs],
  ])('rejects an expiry that is %s', async (_, ms) => {
    expect(await create(browser, { expiresAt: fromNow(ms) })).toMatchObject({
      apiToken: null,
      errors: [{ __typename: 'ApiTokenExpiryInvalid', path: ['expiresAt'] }],
    })
  })

  it('accepts an expiry a year from now', async () => {
    expect(await create(browser, { expiresAt: fromNow(maxLifetimeDays * dayMs) })).toMatchObject({
      errors: [],
    })
  })

  it('rejects and names each permission that the caller lacks, and records the attempt', async () => {
    const one = await server.addUser({ grantedPermissions: ['users.read', 'users.invite'] })
    const answer = await create(await server.signedIn(one), {
      permissions: ['users.read', 'users.delete', 'access.manage'],
    })
    expect(answer).toMatchObject({ token: null, apiToken: null })
    expect(answer.errors).toMatchObject([
      { __typename: 'PermissionNotHeld', permission: 'users.delete', path: ['permissions'] },
      { __typename: 'PermissionNotHeld', permission: 'access.manage', path: ['permissions'] },
    ])
    expect(await rowsOf(one.id)).toEqual([])
    expect(await operationsOf(one.id)).toMatchObject([
      { action: 'LOG_IN' },
      { action: 'CREATE_API_TOKEN', outcome: 'REFUSED', reason: 'BEYOND_OWN_ACCESS' },
    ])
  })

  it('rejects an unknown permission', async () => {
    expect(await create(browser, { permissions: ['users.read', 'everything'] })).toMatchObject({
      apiToken: null,
      errors: [
        {
          __typename: 'InvalidField',
          path: ['permissions'],
          message: `Choose only from these permissions: ${permissions.join(', ')}.`,
        },
      ],
    })
  })

  it('returns all problems at once', async () => {
    const { errors } = await create(browser, {
      name: '',
      permissions: ['users.manage', 'nothing'],
      expiresAt: fromNow(-1),
    })
    expect(errors.map((error: { __typename: string }) => error.__typename).sort()).toEqual([
      'ApiTokenExpiryInvalid',
      'ApiTokenNameInvalid',
      'InvalidField',
      'PermissionNotHeld',
    ])
  })

  it('is limited to the maximum number of unexpired tokens, also for simultaneous requests', async () => {
    const one = await server.addUser()
    const made = []
    for (let count = 0; count < maxApiTokens - 5; count += 1) {
      made.push(await apiTokenOf(server, one))
    }
    const [expired] = made
    await change(expired?.row.id ?? '', { expiresAt: fromNow(-1) })
    const client = await server.signedIn(one)
    const answers = await Promise.all(Array.from({ length: 12 }, () => create(client)))
    const refused = answers.filter(({ errors }) => errors.length > 0)
    expect(answers.length - refused.length).toBe(6)
    for (const { errors } of refused) {
      expect(errors).toMatchObject([{ __typename: 'ApiTokenLimitReached', path: [] }])
    }
    const now = new Date()
    const working = (await rowsOf(one.id)).filter(({ expiresAt }) => expiresAt > now)
    expect(working).toHaveLength(maxApiTokens)

    await revoke(client, working[0]?.id ?? '')
    expect(await create(client)).toMatchObject({ errors: [] })
  })
})

describe('the list of API tokens', () => {
  it('shows only the caller’s own tokens, newest first, and is paged', async () => {
    const one = await server.addUser()
    const other = await server.addUser()
    const foreign = await apiTokenOf(server, other)
    const made = [
      await apiTokenOf(server, one),
      await apiTokenOf(server, one),
      await apiTokenOf(server, one),
    ]
    const ids = made.map(({ row }) => row.id).reverse()
    const browser = await server.signedIn(one)
    const idsOf = (page: { nodes: { id: string }[] }) => page.nodes.map(({ id }) => id)
    const first = await list(browser, '(first: 2)')
    expect(first.totalCount).toBe(3)
    expect(idsOf(first)).toEqual(ids.slice(0, 2))
    const { hasNextPage, endCursor } = first.pageInfo
    expect(hasNextPage).toBe(true)
    expect(idsOf(await list(browser, `(first: 2, after: "${endCursor}")`))).toEqual(ids.slice(2))
    expect(idsOf(await list(browser, '(last: 1)'))).toEqual(ids.slice(2))

    expect(await revoke(browser, foreign.row.id)).toMatchObject({
      errors: [{ __typename: 'ApiTokenNotFound' }],
    })
    expect(await foreign.client.whoAmI()).toBe(other.login)
  })

  it('shows expired tokens for 30 days', async () => {
    const one = await server.addUser()
    const browser = await server.signedIn(one)
    const lasting = await apiTokenOf(server, one)
    const expired = await apiTokenOf(server, one)
    const gone = await apiTokenOf(server, one)
    await change(expired.row.id, { expiresAt: fromNow(-29 * dayMs) })
    await change(gone.row.id, { expiresAt: fromNow(-31 * dayMs) })
    expect(await expired.client.whoAmI()).toBeNull()
    await server.services.apiTokens.sweep()
    const { nodes, totalCount } = await list(browser)
    expect(totalCount).toBe(2)
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual([expired.row.id, lasting.row.id])
  })

  it('shows the effective permissions of a token', async () => {
    const one = await server.addUser({ role: 'ADMIN' })
    await apiTokenOf(server, one, ['users.read', 'users.delete'])
    const browser = await server.signedIn(one)
    await server.database.write(unit =>
      server.services.users.changeAccess(unit, [one], {
        role: 'ADMIN',
        withdrawnPermissions: ['users.delete'],
      }),
    )
    expect((await list(browser)).nodes).toMatchObject([
      { permissions: ['users.read', 'users.delete'], effectivePermissions: ['users.read'] },
    ])
  })
})

describe('an API token in use', () => {
  it('is recorded at most once a minute, with the address', async () => {
    const one = await server.addUser()
    const { client, row } = await apiTokenOf(server, one)
    const noted = async () => {
      await server.services.apiTokenVerifier.idle()
      const [kept] = await rowsOf(one.id)
      return kept
    }
    expect(await noted()).toMatchObject({ lastUsedAt: null, lastUsedIp: null })
    await Promise.all(Array.from({ length: 5 }, () => client.whoAmI()))
    const first = await noted()
    expect(first?.lastUsedAt).toBeInstanceOf(Date)
    expect(first?.lastUsedIp).toBe('127.0.0.1')
    await client.whoAmI()
    expect((await noted())?.lastUsedAt).toEqual(first?.lastUsedAt)
    await change(row.id, { lastUsedAt: fromNow(-61_000), lastUsedIp: '192.0.2.1' })
    await client.whoAmI()
    const again = await noted()
    expect(again?.lastUsedIp).toBe('127.0.0.1')
    expect(again?.lastUsedAt?.getTime()).toBeGreaterThanOrEqual(first?.lastUsedAt?.getTime() ?? 0)
  })

  it('is shown in the operation list, its CSV export and the owner’s own data', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const member = await server.addUser()
    const { client, row } = await apiTokenOf(server, admin, [...permissions])
    const edit = `mutation ($id: ID!) {
      updateUser(input: { userId: $id, firstName: "New" }) { errors { __typename } }
    }`
    await client.query(edit, { id: member.id })
    const { data } = await client.query(
      `{ operations(filter: { subjectId: "${member.id}" }) { nodes { action actorName apiTokenPrefix } } }`,
    )
    expect(data.operations.nodes).toEqual([
      {
        action: 'UPDATE_USER',
        actorName: `${admin.firstName} ${admin.lastName}`,
        apiTokenPrefix: row.prefix,
      },
    ])
    const csv = await client.get(`/operations.csv?subjectId=${member.id}`)
    expect(csv.status).toBe(200)
    const [header, line] = (await csv.text()).split('\r\n')
    expect(header).toMatch(/,hash,apiTokenPrefix,changes$/)
    expect(line?.endsWith(`,${row.prefix},firstName`)).toBe(true)
    await server.services.operations.idle()
    expect(await server.services.operations.verify()).toMatchObject({ kind: 'unbroken' })

    const browser = await server.signedIn(admin)
    const text = await (await browser.get('/my-data.json')).text()
    const mine = JSON.parse(text)
    expect(mine.apiTokens).toEqual([
      {
        id: row.id,
        name: 'Script',
        prefix: row.prefix,
        permissions: [...permissions],
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        lastUsedAt: expect.any(String),
        lastUsedIp: '127.0.0.1',
        suspendedAt: null,
      },
    ])
    expect(mine.operationsByYou).toContainEqual(
      expect.objectContaining({ action: 'UPDATE_USER', apiTokenPrefix: row.prefix }),
    )
    expect(text).not.toContain(row.tokenHash)
  })

  it('can be filtered by token in the operation list', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const member = await server.addUser()
    const one = await apiTokenOf(server, admin, [...permissions])
    const other = await apiTokenOf(server, admin, [...permissions])
    for (const [firstName, { client }] of Object.entries({ One: one, Other: other })) {
      await client.query(
        'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { errors { __typename } } }',
        { input: { userId: member.id, firstName } },
      )
    }
    const { prefix } = one.row
    const { data } = await one.client.query(
      'query ($prefix: String) { operations(filter: { apiTokenPrefix: $prefix }) { totalCount nodes { action apiTokenPrefix } } }',
      { prefix },
    )
    expect(data.operations).toEqual({
      totalCount: 1,
      nodes: [{ action: 'UPDATE_USER', apiTokenPrefix: prefix }],
    })
    const csv = await (await one.client.get(`/operations.csv?apiTokenPrefix=${prefix}`)).text()
    expect(csv.trim().split('\r\n')).toHaveLength(2)
  })

  it('can change its owner’s password with the current one, which ends every session but no token', async () => {
    const member = await server.addUser()
    const browser = await server.signedIn(member)
    const { client, row } = await apiTokenOf(server, member)
    await apiTokenOf(server, member)
    const newPassword = 'Brisk-Meadow-41'
    const wrong = await client.changePassword({ currentPassword: 'Wrong-One-123', newPassword })
    expect(wrong.data.changePassword.errors).toMatchObject([
      { __typename: 'CurrentPasswordIncorrect' },
    ])
    expect(await browser.whoAmI()).toBe(member.login)

    const right = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(right.data.changePassword).toMatchObject({ user: { id: member.id }, errors: [] })
    expect(right.headers.getSetCookie()).toEqual([])
    expect(await browser.whoAmI()).toBeNull()
    expect(await client.whoAmI()).toBe(member.login)
    const mails = await server.mailsTo(member.login)
    const notice = mails.find(mail => mail.subject === 'Your password was changed')
    expect(notice?.text).toContain(`Your API token ${row.prefix}… changed the password`)
    expect(notice?.text).toContain('2 API tokens of yours still work.')
    expect(await operationsOf(member.id)).toContainEqual(
      expect.objectContaining({
        action: 'CHANGE_PASSWORD',
        outcome: 'REFUSED',
        apiTokenPrefix: row.prefix,
      }),
    )
  })

  it('still works after a password reset, and the mail informs its owner', async () => {
    const member = await server.addUser()
    const { client } = await apiTokenOf(server, member)
    await server.client().requestPasswordReset(member.login)
    const link = (await server.mailsTo(member.login)).at(-1)?.text ?? ''
    const [, token = ''] = /#token=(\S+)/.exec(link) ?? []
    await server.client().resetPassword(token, 'Brisk-Meadow-41')
    expect(await client.whoAmI()).toBe(member.login)
    const notice = (await server.mailsTo(member.login)).find(
      mail => mail.subject === 'Your password was changed',
    )
    expect(notice?.text).toContain('1 API token of yours still works.')
  })
})
