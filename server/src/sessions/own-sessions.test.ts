import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { SessionEntity } from './session.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

interface ListedSession {
  readonly id: string
  readonly current: boolean
  readonly userAgent: string
}

const list = async (client: TestClient): Promise<ListedSession[]> => {
  const { data } = await client.query(
    '{ sessions { totalCount nodes { id ip userAgent createdAt lastSeenAt expiresAt current } } }',
  )
  expect(data.sessions.totalCount).toBe(data.sessions.nodes.length)
  return data.sessions.nodes
}

const end = async (client: TestClient, sessionId: string) => {
  const { data } = await client.query(
    `mutation ($input: EndSessionInput!) {
      endSession(input: $input) { sessionId errors { __typename ... on UserError { path } } }
    }`,
    { input: { sessionId } },
  )
  return data.endSession
}

const endOthers = async (client: TestClient): Promise<number> => {
  const { data } = await client.query('mutation { endOtherSessions { count errors { message } } }')
  expect(data.endOtherSessions.errors).toEqual([])
  return data.endOtherSessions.count
}

const endReason = async (client: TestClient) =>
  (await client.query('{ sessionEndReason }')).data.sessionEndReason

/** A user who is signed in with several browsers. */
const signedInAt = async (...userAgents: string[]) => {
  const user = await server.addUser()
  const clients: TestClient[] = []
  for (const userAgent of userAgents) {
    const client = server.client({ 'user-agent': userAgent })
    await client.logIn(user.login)
    clients.push(client)
  }
  return { user, clients: clients as [TestClient, TestClient, TestClient] }
}

const changeRow = (
  columns: Partial<SessionEntity>,
  of: { id?: string; userId?: string; userAgent?: string },
) =>
  server.database.write(async unit => {
    await unit.rows(SessionEntity).update(of, columns)
  })

const actionsOf = async (userId: string) => {
  const operations = await server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { actorId: userId }, order: { id: 'ASC' } }),
  )
  return operations.map(({ action }) => action).filter(action => action !== 'LOG_IN')
}

describe('the caller’s own sessions', () => {
  it('lists the caller’s sessions, the most recently used first, without any token or hash', async () => {
    const { user, clients } = await signedInAt('Firefox', 'Phone', 'Laptop')
    const rows = await server.database.read(unit =>
      unit.rows(SessionEntity).findBy({ userId: user.id }),
    )
    for (const row of rows) {
      const minutes = { Firefox: 3, Phone: 9, Laptop: 6 }[row.userAgent] ?? 0
      await changeRow({ lastSeenAt: new Date(Date.now() - minutes * 60_000) }, { id: row.id })
    }
    await clients[0].whoAmI()
    const answer = await clients[0].query(
      '{ sessions { nodes { id ip userAgent createdAt lastSeenAt expiresAt current } } }',
    )
    expect(answer.data.sessions.nodes).toMatchObject([
      { userAgent: 'Firefox', current: true, ip: '127.0.0.1' },
      { userAgent: 'Laptop', current: false },
      { userAgent: 'Phone', current: false },
    ])
    for (const { tokenHash } of rows) expect(answer.text).not.toContain(tokenHash)
  })

  it('returns sessions in pages in both directions, also those used at the same moment', async () => {
    const { user, clients } = await signedInAt('a', 'b', 'c', 'd', 'e')
    const lastSeenAt = new Date()
    await changeRow({ lastSeenAt }, { userId: user.id })
    const page = async (args: string) =>
      (
        await clients[0].query(
          `{ sessions(${args}) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        )
      ).data.sessions
    const all = (await list(clients[0])).map(({ id }) => id)
    const idsOf = (found: { edges: { node: { id: string } }[] }) =>
      found.edges.map(({ node }) => node.id)
    const first = await page('first: 2')
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`)
    const third = await page(`first: 2, after: "${second.pageInfo.endCursor}"`)
    expect([first, second, third].flatMap(idsOf)).toEqual(all)
    expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    const back = await page(`last: 2, before: "${third.pageInfo.startCursor}"`)
    expect(idsOf(back)).toEqual(all.slice(2, 4))
    const foreign = Buffer.from('["LAST_SEEN",["1",2]]').toString('base64url')
    const { errors } = await clients[0].query(`{ sessions(after: "${foreign}") { totalCount } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('lists no sessions of other users, and no ended ones', async () => {
    const { user, clients } = await signedInAt('stays', 'ended', 'unused')
    await signedInAt('theirs')
    const now = Date.now()
    await changeRow({ endReason: 'PASSWORD_CHANGED' }, { userId: user.id, userAgent: 'ended' })
    await changeRow(
      { lastSeenAt: new Date(now - 12.1 * 3_600_000) },
      { userId: user.id, userAgent: 'unused' },
    )
    const expired = server.client({ 'user-agent': 'expired' })
    await expired.logIn(user.login)
    await changeRow({ expiresAt: new Date(now - 1) }, { userId: user.id, userAgent: 'expired' })
    expect((await list(clients[0])).map(({ userAgent }) => userAgent)).toEqual(['stays'])
  })

  it('rejects callers who are not signed in', async () => {
    for (const query of [
      '{ sessions { totalCount } }',
      'mutation { endSession(input: {sessionId: "x"}) { sessionId } }',
      'mutation { endOtherSessions { count } }',
    ]) {
      const { errors } = await server.client().query(query)
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    }
  })
})

describe('ending a session', () => {
  it('signs out that browser, reports the reason to it, and removes the session from the list', async () => {
    const { user, clients } = await signedInAt('here', 'there')
    const [here, there] = clients
    const [other] = (await list(here)).filter(({ current }) => !current)
    expect(await end(here, other?.id ?? '')).toEqual({ sessionId: other?.id, errors: [] })
    expect(await there.whoAmI()).toBeNull()
    expect(await endReason(there)).toBe('ENDED_ELSEWHERE')
    expect(await here.whoAmI()).toBe(user.login)
    expect(await list(here)).toHaveLength(1)
    expect(await actionsOf(user.id)).toEqual(['END_SESSION'])
  })

  it('gives the same error for another user’s session, an ended one, and one that never existed', async () => {
    const { user, clients } = await signedInAt('here', 'there')
    const victim = await signedInAt('theirs')
    const [here] = clients
    const [theirs] = await list(victim.clients[0])
    const [ended] = (await list(here)).filter(({ current }) => !current)
    await end(here, ended?.id ?? '')
    for (const id of [theirs?.id ?? '', ended?.id ?? '', 'x', '', '\ud800']) {
      expect(await end(here, id)).toEqual({
        sessionId: null,
        errors: [{ __typename: 'SessionNotFound', path: ['sessionId'] }],
      })
    }
    expect(await victim.clients[0].whoAmI()).toBe(victim.user.login)
    expect(await actionsOf(user.id)).toEqual(['END_SESSION'])
  })

  it('signs the caller out if they end the current session', async () => {
    const { clients } = await signedInAt('here')
    const [here] = clients
    const copy = here.clone()
    const [own] = await list(here)
    expect(await end(here, own?.id ?? '')).toMatchObject({ errors: [] })
    expect(here.session).toBeUndefined()
    expect(await copy.whoAmI()).toBeNull()
    expect(await endReason(copy)).toBeNull()
  })
})

describe('ending all other sessions', () => {
  it('keeps the current session and returns the number of ended ones', async () => {
    const { user, clients } = await signedInAt('here', 'there', 'elsewhere')
    const bystander = await signedInAt('theirs')
    const [here, there, elsewhere] = clients
    expect(await endOthers(here)).toBe(2)
    expect(await here.whoAmI()).toBe(user.login)
    for (const client of [there, elsewhere]) {
      expect(await client.whoAmI()).toBeNull()
      expect(await endReason(client)).toBe('ENDED_ELSEWHERE')
    }
    expect(await bystander.clients[0].whoAmI()).toBe(bystander.user.login)
    expect(await endOthers(here)).toBe(0)
    expect(await actionsOf(user.id)).toEqual(['END_OTHER_SESSIONS'])
  })
})
