import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createFeatures } from '../app/features.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { proofLastsMs } from '../reauthentication/recent-proof.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'
import { OwnDeletionEntity } from './own-deletion.entity.js'

let server: TestServer
let owner: UserEntity
let asOwner: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  owner = await server.addUser({ role: 'OWNER' })
  asOwner = await server.signedIn(owner)
})
afterAll(() => server.stop())

const allow = async (allowed: boolean, by = asOwner) => {
  const { data, errors } = await by.query(
    `mutation ($allowed: Boolean!) {
      updateOwnDeletion(input: { allowed: $allowed }) { settings { allowed waitDays } }
    }`,
    { allowed },
  )
  return data?.updateOwnDeletion ?? errors
}
beforeEach(() => allow(true))

const request = async (by: TestClient) => {
  const { data, errors } = await by.query(
    `mutation {
      requestOwnDeletion { user { deletionAt } errors { __typename ... on UserError { message } } }
    }`,
  )
  return data?.requestOwnDeletion ?? errors
}

const cancel = async (by: TestClient) => {
  const { data, errors } = await by.query('mutation { cancelOwnDeletion { user { deletionAt } } }')
  return data?.cancelOwnDeletion ?? errors
}

/** Ends the wait of a user, and lets these instances delete those whose wait has ended. */
const endWait = async (userId: string, instances = [server.services.ownDeletions]) => {
  await server.database.write(unit =>
    unit.rows(OwnDeletionEntity).update({ userId }, { dueAt: new Date() }),
  )
  for (const one of instances) one.wake()
  await Promise.all(instances.map(one => one.idle()))
}

const operationsOn = async (subjectId: string) => {
  const found = await server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId }, order: { id: 'ASC' } }),
  )
  return found
    .filter(({ action }) => /DELET/.test(action))
    .map(({ action, outcome, reason, actorId, changes }) => ({
      action,
      outcome,
      reason,
      actorId,
      changes,
    }))
}

const mailsTo = async (login: string) => {
  await server.services.mail.idle()
  return server.mailsTo(login)
}

const subjectsTo = async (login: string) => (await mailsTo(login)).map(({ subject }) => subject)

describe('deleting one’s own account', () => {
  it('happens after seven days, and erases the user as any deletion does', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const { user: requested, errors } = await request(client)
    expect(errors).toEqual([])
    const days = (new Date(requested.deletionAt).getTime() - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(7)

    server.services.ownDeletions.wake()
    await server.services.ownDeletions.idle()
    expect(await client.whoAmI()).toBe(user.login)

    await endWait(user.id)
    expect(await server.services.users.find(user.id)).toBeNull()
    expect(await client.whoAmI()).toBeNull()
    expect(await operationsOn(user.id)).toMatchObject([
      { action: 'REQUEST_OWN_DELETION', outcome: 'DONE', actorId: user.id },
      { action: 'DELETE_USER', outcome: 'DONE', actorId: user.id },
    ])
    expect(await subjectsTo(user.login)).toEqual(
      expect.arrayContaining(['Your account will be deleted', 'Your account was deleted']),
    )
  })

  it('can be undone in the meantime', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    await request(client)
    expect(await cancel(client)).toEqual({ user: { deletionAt: null } })
    expect(await cancel(client)).toEqual({ user: { deletionAt: null } })
    await endWait(user.id)
    expect(await client.whoAmI()).toBe(user.login)
    expect(await operationsOn(user.id)).toMatchObject([
      { action: 'REQUEST_OWN_DELETION', outcome: 'DONE' },
      { action: 'CANCEL_OWN_DELETION', outcome: 'DONE', actorId: user.id, changes: [] },
    ])
    expect(await subjectsTo(user.login)).toContain('Your account is kept')
    const mails = await mailsTo(user.login)
    const mail = mails.find(({ subject }) => subject === 'Your account is kept')
    // The mail has no facts, and so no gap and no table for them.
    expect(mail?.text).not.toContain('\n\n\n')
    expect(mail?.html).not.toContain('<table')
  })

  it('keeps its first time if it is requested again', async () => {
    const client = await server.signedIn(await server.addUser())
    const first = await request(client)
    expect(await request(client)).toEqual(first)
  })

  it('is visible to the user and to those who may read the profile', async () => {
    const user = await server.addUser()
    const { user: requested } = await request(await server.signedIn(user))
    const { data } = await asOwner.query('query ($id: ID!) { user(id: $id) { deletionAt } }', {
      id: user.id,
    })
    expect(data.user.deletionAt).toBe(requested.deletionAt)
  })

  it('requires that the account allows it', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    expect(await allow(false)).toEqual({ settings: { allowed: false, waitDays: 7 } })
    expect(await request(client)).toMatchObject({
      user: null,
      errors: [{ __typename: 'OwnDeletionNotAllowed' }],
    })
    expect(await operationsOn(user.id)).toMatchObject([
      { action: 'REQUEST_OWN_DELETION', outcome: 'REFUSED', reason: 'NOT_ALLOWED' },
    ])
  })

  it('requires a recent proof of identity and a session', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const { client: script } = await apiTokenOf(server, user, [])
    expect(await request(script)).toMatchObject([{ extensions: { code: 'SESSION_REQUIRED' } }])
    await server.database.write(unit =>
      unit
        .rows(SessionEntity)
        .update({ userId: user.id }, { provedAt: new Date(Date.now() - proofLastsMs - 1000) }),
    )
    expect(await request(client)).toMatchObject([
      { extensions: { code: 'REAUTHENTICATION_REQUIRED' } },
    ])
    expect(await server.services.ownDeletions.findRequests([user.id])).toEqual(new Map())
  })

  it('can be allowed only with settings.manage', async () => {
    const member = await server.signedIn(await server.addUser())
    expect(await allow(true, member)).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const { data } = await member.query('{ ownDeletionSettings { allowed waitDays } }')
    expect(data.ownDeletionSettings).toEqual({ allowed: true, waitDays: 7 })
  })
})

describe('a requested deletion', () => {
  it('is refused for the last owner', async () => {
    expect(await request(asOwner)).toMatchObject({ errors: [{ __typename: 'LastOwner' }] })
  })

  it('deletes only one of two owners who both requested it', async () => {
    const second = await server.addUser({ role: 'OWNER' })
    await request(asOwner)
    await request(await server.signedIn(second))
    await endWait(second.id)
    expect(await server.services.users.find(second.id)).toBeNull()
    await endWait(owner.id)
    expect(await server.services.users.find(owner.id)).not.toBeNull()
    expect((await operationsOn(owner.id)).at(-1)).toMatchObject({
      action: 'CANCEL_OWN_DELETION',
      actorId: null,
      changes: [{ name: 'cause', from: null, to: 'LAST_OWNER' }],
    })
    expect(await subjectsTo(owner.login)).toContain('Your account is kept')
  })

  it('ends without effect if the account no longer allows it', async () => {
    const user = await server.addUser()
    await request(await server.signedIn(user))
    await allow(false)
    await endWait(user.id)
    expect(await server.services.users.find(user.id)).not.toBeNull()
    await allow(true)
    await endWait(user.id)
    expect(await server.services.users.find(user.id)).not.toBeNull()
    expect((await operationsOn(user.id)).at(-1)).toMatchObject({
      changes: [{ name: 'cause', to: 'NOT_ALLOWED' }],
    })
  })

  it('ends without effect for a user who is blocked when the wait ends', async () => {
    const user = await server.addUser()
    await request(await server.signedIn(user))
    await server.database.write(async unit => {
      await server.services.users.changeStatus(unit, [user], 'BLOCKED')
    })
    await endWait(user.id)
    expect((await server.services.users.find(user.id))?.status).toBe('BLOCKED')
    expect(await server.services.ownDeletions.findRequests([user.id])).toEqual(new Map())
  })

  it('ends if an administrator secures the account', async () => {
    const user = await server.addUser()
    await request(await server.signedIn(user))
    const { data } = await asOwner.query(
      `mutation ($userId: ID!) {
        secureUser(input: { userId: $userId }) { errors { __typename } }
      }`,
      { userId: user.id },
    )
    expect(data.secureUser.errors).toEqual([])
    expect(await server.services.ownDeletions.findRequests([user.id])).toEqual(new Map())
    expect(await operationsOn(user.id)).toContainEqual(
      expect.objectContaining({ action: 'CANCEL_OWN_DELETION', actorId: owner.id }),
    )
  })

  it('happens once with several instances', async () => {
    const user = await server.addUser()
    await request(await server.signedIn(user))
    const other = createFeatures(server.config, server.database).services.ownDeletions
    other.start(() => undefined)
    await endWait(user.id, [server.services.ownDeletions, other])
    await other.stop()
    expect(await operationsOn(user.id)).toHaveLength(2)
  })

  it('disappears when someone else deletes the user', async () => {
    const user = await server.addUser()
    await request(await server.signedIn(user))
    await asOwner.query(
      'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { deletedUserId } }',
      { input: { userId: user.id, login: user.login } },
    )
    expect(await server.services.ownDeletions.findRequests([user.id])).toEqual(new Map())
  })
})
