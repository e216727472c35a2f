import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { UUID } from 'uuidv7'
import { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import { insertMany } from '../database/insert-many.js'
import { localOrigin } from '../http/request-origin.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { apiTokenOf, bearer, dayMs, fromNow } from '../testing/api-token-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import { NotificationEntity } from './notification.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ TRUST_PROXY: '1' })
})
afterAll(() => server.stop())

const fields = `
  id at seen
  operation { action ip actorName subjectName changes { name to } }
  passwordDeadline { at required }
  apiToken { prefix }`

const listOf = async (client: TestClient, page: Record<string, unknown> = {}) => {
  const { data, errors } = await client.query(
    `query ($first: Int, $after: String, $last: Int, $before: String) {
      notifications(first: $first, after: $after, last: $last, before: $before) {
        nodes { ${fields} }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`,
    page,
  )
  expect(errors).toBeUndefined()
  return data.notifications
}
const actionsOf = async (client: TestClient) =>
  // biome-ignore lint/suspicious/noExplicitAny: the answer of the endpoint.
  (await listOf(client)).nodes.map(({ operation }: any) => operation?.action ?? null)

const unseenOf = async (client: TestClient): Promise<number> =>
  (await client.query('{ unseenNotificationCount }')).data.unseenNotificationCount

const markSeen = async (client: TestClient, until: string | Date) => {
  const { data, errors } = await client.query(
    `mutation ($input: MarkNotificationsSeenInput!) {
      markNotificationsSeen(input: $input) { unseenNotificationCount errors { message } }
    }`,
    { input: { until } },
  )
  expect(errors).toBeUndefined()
  return data.markNotificationsSeen.unseenNotificationCount
}

const run = async (client: TestClient, name: string, input: Record<string, unknown>) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const { data, errors } = await client.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { errors { __typename } } }`,
    { input },
  )
  expect(errors).toBeUndefined()
  expect(data[name].errors).toEqual([])
}

const signedInFrom = async (user: UserEntity, ip: string) => {
  const client = server.client({ 'x-forwarded-for': ip })
  await client.logIn(user.login)
  return client
}

const invite = async (client: TestClient, login: string): Promise<UserEntity> => {
  await run(client, 'inviteUser', { login, firstName: 'New', lastName: 'Person' })
  const user = await server.services.users.findByLogin(login)
  if (user === null) throw new Error(`${login} was not invited.`)
  return user
}

const activate = async (user: UserEntity) => {
  const { token } = await server.database.write(unit =>
    server.services.links.issue(unit, 'INVITATION', user.id, 60),
  )
  await run(server.client(), 'activateUser', { token, password: goodPassword })
}

const disableWebhook = () =>
  server.database.write(unit =>
    server.services.operations.record(unit, localOrigin('server', 'rekey webhooks'), {
      action: 'DISABLE_WEBHOOK',
      outcome: 'DONE',
      actorId: null,
      subjectId: null,
    }),
  )

const changeUser = (user: UserEntity, columns: Partial<UserEntity>) =>
  server.database.write(unit => unit.rows(UserEntity).update({ id: user.id }, columns))

describe('a notification', () => {
  it('notifies users of a sign-in from a new place, but not of their first one', async () => {
    const user = await server.addUser()
    const client = await signedInFrom(user, '203.0.113.7')
    expect(await actionsOf(client)).toEqual([])
    await signedInFrom(user, '198.51.100.9')
    expect((await listOf(client)).nodes).toMatchObject([
      {
        seen: false,
        operation: {
          action: 'LOG_IN',
          ip: '198.51.100.9',
          changes: [
            { name: 'method', to: 'PASSWORD' },
            { name: 'newPlace', to: 'BROWSER, NETWORK' },
          ],
        },
        passwordDeadline: null,
        apiToken: null,
      },
    ])
  })

  it('notifies users of what others did to them, and not of what they did themselves', async () => {
    const admin = await server.addUser({ role: 'OWNER', firstName: 'Ada', lastName: 'Nowak' })
    const user = await server.addUser()
    const [asAdmin, asUser] = [await server.signedIn(admin), await server.signedIn(user)]
    await run(asUser, 'updateUser', { userId: user.id, firstName: 'Own' })
    await run(asAdmin, 'updateUser', { userId: user.id, firstName: 'Other' })
    await run(asAdmin, 'changeRoles', { userIds: [user.id], role: 'ADMIN' })
    const { nodes } = await listOf(asUser)
    expect(nodes).toMatchObject([
      { operation: { action: 'CHANGE_ACCESS', actorName: 'Ada Nowak' } },
      { operation: { action: 'UPDATE_USER', actorName: 'Ada Nowak' } },
    ])
    expect(await actionsOf(asAdmin)).toEqual([])
  })

  it('hides the address of another user from a user without operations.read', async () => {
    const admin = await server.addUser({ role: 'OWNER' })
    const user = await server.addUser()
    const asUser = await server.signedIn(user)
    const asAdmin = await server.signedIn(admin)
    await run(asAdmin, 'updateUser', { userId: user.id, firstName: 'Other' })
    expect((await listOf(asUser)).nodes).toMatchObject([{ operation: { ip: 'hidden' } }])
  })

  it('notifies users of a reset of their password, also if they used the link themselves', async () => {
    const user = await server.addUser()
    const { token } = await server.database.write(unit =>
      server.services.links.issue(unit, 'PASSWORD_RESET', user.id, 60),
    )
    await run(server.client(), 'resetPassword', { token, newPassword: 'Brisk-Meadow-41' })
    const client = await server.signedIn(user, 'Brisk-Meadow-41')
    expect(await actionsOf(client)).toContain('RESET_PASSWORD')
  })

  it('notifies the user who last invited someone that they accepted', async () => {
    const [first, second] = [
      await server.addUser({ role: 'ADMIN' }),
      await server.addUser({ role: 'ADMIN' }),
    ]
    const [asFirst, asSecond] = [await server.signedIn(first), await server.signedIn(second)]
    const guest = await invite(asFirst, 'guest@rekey.example')
    await run(asSecond, 'resendInvitation', { userId: guest.id })
    await activate(guest)
    expect(await actionsOf(asFirst)).toEqual([])
    expect((await listOf(asSecond)).nodes).toMatchObject([
      { operation: { action: 'ACTIVATE_USER', subjectName: 'New Person' } },
    ])
  })

  it('does not tell users that they activated someone whom they invited', async () => {
    const client = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    const guest = await invite(client, 'by-hand@rekey.example')
    await run(client, 'changePassword', {
      userId: guest.id,
      currentPassword: goodPassword,
      newPassword: 'Brisk-Meadow-41',
    })
    expect(await actionsOf(client)).toEqual([])
  })

  it('is not written for a deleted inviter, and the invitation still works', async () => {
    const inviter = await server.addUser({ role: 'ADMIN' })
    const guest = await invite(await server.signedIn(inviter), 'orphan@rekey.example')
    const asOwner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    await run(asOwner, 'deleteUser', { userId: inviter.id, login: inviter.login })
    await activate(guest)
    expect(await server.services.users.findByLogin(guest.login)).toMatchObject({ status: 'ACTIVE' })
  })

  it('about a disabled webhook is for those who manage webhooks, while they do', async () => {
    const [admin, member] = [await server.addUser({ role: 'ADMIN' }), await server.addUser()]
    const [asAdmin, asMember] = [await server.signedIn(admin), await server.signedIn(member)]
    await disableWebhook()
    expect(await actionsOf(asAdmin)).toEqual(['DISABLE_WEBHOOK'])
    expect(await unseenOf(asAdmin)).toBe(1)
    expect(await actionsOf(asMember)).toEqual([])
    const laterAdmin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    expect(await actionsOf(laterAdmin)).toEqual([])
    await changeUser(admin, { withdrawnPermissions: ['webhooks.manage'] })
    expect(await actionsOf(asAdmin)).toEqual([])
    expect(await unseenOf(asAdmin)).toBe(0)
  })

  it('reminds users of an old password from the first reminder on', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const age = { remindAfterDays: 90, requireChangeAfterDays: null, temporaryPasswordHours: 72 }
    await server.database.write(unit => server.services.settings.savePasswordAge(unit, age))
    try {
      const changedDaysAgo = (days: number) =>
        changeUser(user, {
          passwordChangedAt: fromNow(-days * dayMs),
          createdAt: fromNow(-500 * dayMs),
        })
      await changedDaysAgo(75)
      expect((await listOf(client)).nodes).toEqual([])
      await changedDaysAgo(77)
      expect((await listOf(client)).nodes).toMatchObject([
        { seen: false, operation: null, passwordDeadline: { required: false }, apiToken: null },
      ])
      expect(await unseenOf(client)).toBe(1)
      await changedDaysAgo(200)
      expect((await listOf(client)).nodes).toEqual([])
    } finally {
      const none = { ...age, remindAfterDays: null }
      await server.database.write(unit => server.services.settings.savePasswordAge(unit, none))
    }
  })

  it('reminds users of an API token in its last seven days', async () => {
    const user = await server.addUser()
    await changeUser(user, { createdAt: fromNow(-500 * dayMs) })
    const client = await server.signedIn(user)
    const { row } = await apiTokenOf(server, user)
    const lives = (fromDays: number, toDays: number) =>
      server.database.write(unit =>
        unit
          .rows(ApiTokenEntity)
          .update(
            { id: row.id },
            { createdAt: fromNow(fromDays * dayMs), expiresAt: fromNow(toDays * dayMs) },
          ),
      )
    expect((await listOf(client)).nodes).toEqual([])
    await lives(-30, 8)
    expect((await listOf(client)).nodes).toEqual([])
    await lives(-30, 6)
    expect((await listOf(client)).nodes).toMatchObject([{ apiToken: { prefix: row.prefix } }])
    await lives(-30, -1)
    expect((await listOf(client)).nodes).toMatchObject([{ apiToken: { prefix: row.prefix } }])
    await lives(-0.5, 3)
    expect((await listOf(client)).nodes).toEqual([])
    await lives(-1.5, 3)
    expect((await listOf(client)).nodes).toHaveLength(1)
    await lives(-90, -24)
    expect((await listOf(client)).nodes).toEqual([])
  })

  it('stays unseen until its time is marked, and then stays seen', async () => {
    const asAdmin = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    const user = await server.addUser()
    const client = await server.signedIn(user)
    for (const firstName of ['One', 'Two']) {
      await run(asAdmin, 'updateUser', { userId: user.id, firstName })
      // Times are compared in milliseconds.
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    expect(await unseenOf(client)).toBe(2)
    const [newer, older] = (await listOf(client)).nodes
    expect(await markSeen(client, older.at)).toBe(1)
    expect((await listOf(client)).nodes).toMatchObject([{ seen: false }, { seen: true }])
    expect(await markSeen(client, newer.at)).toBe(0)
    expect(await markSeen(client, older.at)).toBe(0)
    expect((await listOf(client)).nodes).toMatchObject([{ seen: true }, { seen: true }])
  })

  it('of the future is not marked as seen in advance', async () => {
    const asAdmin = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    const user = await server.addUser()
    const client = await server.signedIn(user)
    expect(await markSeen(client, fromNow(90 * dayMs))).toBe(0)
    await new Promise(resolve => setTimeout(resolve, 5))
    await run(asAdmin, 'updateUser', { userId: user.id, firstName: 'Later' })
    expect(await unseenOf(client)).toBe(1)
  })

  it('that was marked as seen by one user stays unseen for others', async () => {
    const [one, other] = [
      await server.addUser({ role: 'ADMIN' }),
      await server.addUser({ role: 'ADMIN' }),
    ]
    const [asOne, asOther] = [await server.signedIn(one), await server.signedIn(other)]
    await disableWebhook()
    expect(await markSeen(asOne, new Date())).toBe(0)
    expect(await unseenOf(asOther)).toBe(1)
  })
})

describe('the list of notifications', () => {
  /** Adds notifications of operations of these ages, in days. */
  const addAged = (user: UserEntity, ages: readonly number[]) =>
    server.database.write(async unit => {
      const operations = ages.map((days, index) => {
        const at = fromNow(-days * dayMs)
        return {
          id: UUID.fromFieldsV7(at.getTime(), 0, index, index).toString(),
          at,
          action: 'UPDATE_USER',
          outcome: 'DONE',
          reason: null,
          actorId: null,
          subjectId: user.id,
          ip: 'command line',
          userAgent: '',
          requestId: String(index),
          apiTokenPrefix: null,
          changes: [],
          number: null,
          previousHash: null,
          hash: null,
        } satisfies OperationEntity
      })
      await insertMany(unit.rows(OperationEntity), operations)
      await server.services.notifications.observe(unit, operations)
    })
  const old = async () => {
    const user = await server.addUser()
    await changeUser(user, { createdAt: fromNow(-500 * dayMs) })
    return { user, client: await server.signedIn(user) }
  }

  it('can be paged in both directions, across all kinds', async () => {
    const { user, client } = await old()
    await addAged(user, [1, 3, 5])
    const { row } = await apiTokenOf(server, user)
    await server.database.write(unit =>
      unit
        .rows(ApiTokenEntity)
        .update({ id: row.id }, { createdAt: fromNow(-20 * dayMs), expiresAt: fromNow(3 * dayMs) }),
    )
    const all = await listOf(client)
    expect(all.nodes).toHaveLength(4)
    // It concerns the user since four days ago.
    expect(all.nodes[2].apiToken).toEqual({ prefix: row.prefix })
    const first = await listOf(client, { first: 2 })
    expect(first.nodes).toEqual(all.nodes.slice(0, 2))
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    const next = await listOf(client, { first: 2, after: first.pageInfo.endCursor })
    expect(next.nodes).toEqual(all.nodes.slice(2))
    expect(next.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    const back = await listOf(client, { last: 1, before: next.pageInfo.startCursor })
    expect(back.nodes).toEqual(all.nodes.slice(1, 2))
  })

  it('rejects more than a hundred notifications on one page', async () => {
    const { client } = await old()
    const { errors } = await client.query('{ notifications(first: 101) { nodes { id } } }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('ends after 30 days, and a sweep deletes what is older', async () => {
    const { user, client } = await old()
    await addAged(user, [29, 31])
    expect((await listOf(client)).nodes).toHaveLength(1)
    expect(await unseenOf(client)).toBe(1)
    await server.services.notifications.sweep()
    const kept = await server.database.read(unit =>
      unit.rows(NotificationEntity).findBy({ userId: user.id }),
    )
    expect(kept).toHaveLength(1)
  })

  it('is counted up to a hundred', async () => {
    const { user, client } = await old()
    await addAged(user, Array<number>(120).fill(1))
    expect(await unseenOf(client)).toBe(100)
    await markSeen(client, new Date())
    expect(await unseenOf(client)).toBe(0)
  })

  it('shows nobody the notifications of another user', async () => {
    const { user } = await old()
    await addAged(user, [1])
    const asOwner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    expect((await listOf(asOwner)).nodes).toEqual([])
    expect(await unseenOf(asOwner)).toBe(0)
  })

  it('requires a session', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { token } = await apiTokenOf(server, owner, ['operations.read', 'webhooks.manage'])
    const [withToken, nobody] = [server.client(bearer(token)), server.client()]
    for (const query of ['{ notifications { nodes { id } } }', '{ unseenNotificationCount }']) {
      const { errors } = await withToken.query(query)
      expect(errors).toMatchObject([{ extensions: { code: 'SESSION_REQUIRED' } }])
      const { errors: withoutCaller } = await nobody.query(query)
      expect(withoutCaller).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    }
  })

  /** The statements of a request for the list, without those of jobs and of cached settings. */
  const statementsOfList = async (client: TestClient) => {
    await server.services.operations.idle()
    const statements = await server.statementsDuring(() => listOf(client))
    return statements.filter(({ text }) => !text.includes('account_settings'))
  }

  it('needs the same number of statements for one and for many', async () => {
    const { user, client } = await old()
    await addAged(user, [1])
    const one = await statementsOfList(client)
    await addAged(user, Array<number>(20).fill(2))
    const many = await statementsOfList(client)
    expect(many).toHaveLength(one.length)
  })
})
