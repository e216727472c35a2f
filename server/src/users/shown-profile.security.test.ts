import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Permission } from '@rekey/shared/access'
import { apiTokenOf } from '../testing/api-token-client.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from './user.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

/** A call of a mutation that this permission allows. */
interface Call {
  readonly permission: Permission
  /** The status of the user to call it on. */
  readonly status: UserEntity['status']
  readonly input: (user: UserEntity) => Record<string, unknown>
}

const sameAccess = ({ id: userId }: UserEntity) => ({
  userId,
  role: 'MEMBER',
  grantedPermissions: [],
  withdrawnPermissions: [],
})

/** Calls that change nothing, by the name of the mutation. */
const withoutEffect: Record<string, Call> = {
  updateUser: {
    permission: 'users.manage',
    status: 'ACTIVE',
    input: ({ id: userId }) => ({ userId }),
  },
  blockUsers: {
    permission: 'users.manage',
    status: 'BLOCKED',
    input: ({ id }) => ({ userIds: [id] }),
  },
  unblockUsers: {
    permission: 'users.manage',
    status: 'ACTIVE',
    input: ({ id }) => ({ userIds: [id] }),
  },
  changeRoles: {
    permission: 'access.manage',
    status: 'ACTIVE',
    input: ({ id }) => ({ userIds: [id], role: 'MEMBER' }),
  },
  changeAccess: { permission: 'access.manage', status: 'ACTIVE', input: sameAccess },
  revokeInvitation: {
    permission: 'users.invite',
    status: 'INVITED',
    input: ({ id: userId }) => ({ userId }),
  },
}

const call = async (client: TestClient, name: string, input: Record<string, unknown>) => {
  const many = 'userIds' in input
  const found = 'user { login phone } errors { __typename }'
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const answer = await client.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${many ? `results { ${found} }` : found} } }`,
    { input },
  )
  const payload = answer.data?.[name]
  return { ...answer, payload: many ? payload?.results[0] : payload }
}

const phone = '+44 20 7946 0018'
const memberWith = (...grantedPermissions: Permission[]) => server.addUser({ grantedPermissions })

describe.each(Object.entries(withoutEffect))(
  '%s that changes nothing',
  (name, { permission, status, input }) => {
    const addTarget = () => server.addUser({ status, phone })

    it('shows no profile to a caller who may not read it', async () => {
      const target = await addTarget()
      const client = await server.signedIn(await memberWith(permission))
      const answer = await call(client, name, input(target))
      expect(answer.payload).toEqual({ user: null, errors: [] })
      expect(answer.text).not.toContain(target.login)
    })

    it('shows no profile to an API token without users.read', async () => {
      const target = await addTarget()
      const owner = await server.addUser({ role: 'OWNER' })
      const { client } = await apiTokenOf(server, owner, [permission])
      const { payload } = await call(client, name, input(target))
      expect(payload).toEqual({ user: null, errors: [] })
    })

    it('shows the profile to a caller who may read it', async () => {
      const target = await addTarget()
      const client = await server.signedIn(await memberWith(permission, 'users.read'))
      const { payload } = await call(client, name, input(target))
      expect(payload).toEqual({ user: { login: target.login, phone }, errors: [] })
    })
  },
)

describe('a version that is no longer the newest', () => {
  it.each([
    ['updateUser', 'users.manage', ({ id: userId }: UserEntity) => ({ userId })],
    ['changeAccess', 'access.manage', sameAccess],
  ] as const)(
    'shows no profile in %s to a caller who may not read it',
    async (name, permission, input) => {
      const target = await server.addUser({ phone })
      const stale = { ...input(target), version: 7 }
      const refused = await call(await server.signedIn(await memberWith(permission)), name, stale)
      expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      expect(refused.text).not.toContain(target.login)

      const reader = await server.signedIn(await memberWith(permission, 'users.read'))
      const { payload } = await call(reader, name, stale)
      expect(payload.errors).toEqual([{ __typename: 'UserChangedMeanwhile' }])
    },
  )
})

describe('an edit that changes something', () => {
  it('shows the changed profile, and is recorded', async () => {
    const target = await server.addUser({ phone })
    const client = await server.signedIn(await memberWith('users.manage'))
    const { payload } = await call(client, 'updateUser', {
      userId: target.id,
      firstName: 'Changed',
    })
    expect(payload).toEqual({ user: { login: target.login, phone }, errors: [] })
  })

  it('shows users their own profile, whether it changed or not', async () => {
    const user = await server.addUser({ phone })
    const { payload } = await call(await server.signedIn(user), 'updateUser', { userId: user.id })
    expect(payload).toEqual({ user: { login: user.login, phone }, errors: [] })
  })
})
