import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import SQL, { raw } from 'sql-template-tag'
import { Database as Sqlite } from 'sqlite3'
import { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { PasswordHistoryEntity } from '../passwords/password-history.entity.js'
import { RecoveryCodeEntity } from '../second-factor/recovery-code.entity.js'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { SecondFactorEnrolmentEntity } from '../second-factor/second-factor-enrolment.entity.js'
import { SignInChallengeEntity } from '../second-factor/sign-in-challenge.entity.js'
import { SignInNetworkEntity } from '../sign-in-networks/sign-in-network.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { answer, beginLogIn, enrolTotp, mutate } from '../testing/second-factor-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { ThrottleEntity } from '../throttle/throttle.entity.js'
import { TrustedDeviceEntity } from '../trusted-devices/trusted-device.entity.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'

let server: TestServer
let admin: UserEntity
let asAdmin: TestClient
beforeAll(async () => {
  // No mail server accepts the mails, so they wait in the outbox.
  server = await TestServer.start({ SMTP_URL: 'smtp://127.0.0.1:1' })
  admin = await server.addUser({ role: 'ADMIN', firstName: 'Adam', lastName: 'Nowak' })
  asAdmin = await server.signedIn(admin)
})
afterAll(() => server.stop())

const remove = async (input: Record<string, unknown>, client = asAdmin) => {
  const answer = await client.query(
    `mutation ($input: DeleteUserInput!) {
      deleteUser(input: $input) {
        deletedUserId
        errors { __typename ... on UserError { message path } ... on AccessDenied { reason } }
      }
    }`,
    { input },
  )
  return { ...answer, payload: answer.data?.deleteUser }
}

const operationsOn = (subjectId: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId }, order: { id: 'ASC' } }),
  )

/** Every row of every table except these, as text. */
const everyRow = (...aside: string[]) =>
  server.database.read(async unit => {
    const tables = await unit.query<{ name: string }>(
      unit.engine === 'sqlite'
        ? SQL`SELECT name FROM sqlite_master WHERE type = 'table'`
        : SQL`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    )
    const rows = await Promise.all(
      tables
        .filter(({ name }) => !aside.includes(name))
        .map(({ name }) => unit.query(SQL`SELECT * FROM ${raw(`"${name}"`)}`)),
    )
    return JSON.stringify(rows, (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    )
  })

describe('deleting a user', () => {
  it('requires their login, typed in any case', async () => {
    const user = await server.addUser()
    const { payload } = await remove({ userId: user.id, login: ` ${user.login.toUpperCase()} ` })
    expect(payload).toEqual({ deletedUserId: user.id, errors: [] })
    expect(await server.services.users.find(user.id)).toBeNull()
    expect(await operationsOn(user.id)).toMatchObject([
      { action: 'DELETE_USER', outcome: 'DONE', actorId: admin.id },
    ])
  })

  it.each(['', 'person', 'someone.else@rekey.example'])(
    'does nothing when %j was typed',
    async login => {
      const user = await server.addUser()
      const { payload } = await remove({ userId: user.id, login })
      expect(payload).toMatchObject({
        deletedUserId: null,
        errors: [{ __typename: 'LoginMismatch', path: ['login'] }],
      })
      expect(await server.services.users.find(user.id)).not.toBeNull()
    },
  )

  it('is refused for the caller, for an owner by an admin, and for an unknown user', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    for (const [user, reason] of [
      [admin, 'SELF'],
      [owner, 'OUTRANKED'],
    ] as const) {
      const { payload } = await remove({ userId: user.id, login: user.login })
      expect(payload.errors).toMatchObject([{ __typename: 'AccessDenied', reason }])
    }
    const { payload } = await remove({ userId: 'nobody', login: 'nobody@rekey.example' })
    expect(payload.errors).toMatchObject([{ __typename: 'UserNotFound' }])
  })

  it('happens once if it is requested several times at once', async () => {
    const user = await server.addUser()
    const answers = await Promise.all(
      [1, 2, 3].map(() => remove({ userId: user.id, login: user.login })),
    )
    expect(answers.filter(({ payload }) => payload.errors.length === 0)).toHaveLength(1)
  })

  it('makes their session cookie invalid and their login available', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    await remove({ userId: user.id, login: user.login })
    expect(await client.whoAmI()).toBeNull()
    const answer = await client.query('{ user(id: "x") { id } }')
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect((await server.client().logIn(user.login)).data.logIn.errors).toMatchObject([
      { __typename: 'InvalidCredentials' },
    ])
    const { id } = await server.addUser({ login: user.login })
    expect(id).not.toBe(user.id)
    expect(await client.whoAmI()).toBeNull()
  })
})

describe('the data that remains of a deleted user', () => {
  const traces = {
    login: 'Zephyrine.Quandt@rekey.example',
    firstName: 'Zephyrine',
    lastName: 'Quandt',
  }
  let user: Caller

  beforeAll(async () => {
    user = await server.addUser(traces)
    const client = await server.signedIn(user)
    const update =
      'mutation ($id: ID!, $phone: String) { updateUser(input: { userId: $id, phone: $phone }) { errors { __typename } } }'
    await client.query(update, { id: user.id, phone: '+49 30 99887766' })
    // Second factors, recovery codes, an unfinished sign-in, a trusted device, counts of each.
    await server.setSecurity({ trustedDevices: 'WEEK' })
    const { recoveryCodes } = await enrolTotp(client, 'Zephyrine’s phone')
    await mutate(client, 'beginPasskeyEnrolment', 'token errors { __typename }')
    const other = server.client()
    const { challenge } = await beginLogIn(other, user.login)
    const { token } = challenge
    await answer(other, { token, method: 'RECOVERY_CODE', code: 'wrong' })
    const code = recoveryCodes[0]
    await answer(other, { token, method: 'RECOVERY_CODE', code, trustDevice: true })
    const { client: script } = await apiTokenOf(server, user, [], { name: 'Zephyrine’s script' })
    await script.whoAmI()
    await server.services.apiTokenVerifier.idle()
    const left = await beginLogIn(server.client(), user.login)
    await answer(server.client(), { token: left.challenge.token, method: 'TOTP', code: '1' })
    // Counts by login and by id, passwords in the history, a link, and waiting mails.
    await server.client().logIn(user.login, 'Wrong-One-123')
    await client.changePassword({ currentPassword: 'Wrong-One-123', newPassword: 'x' })
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' })
    await client.changePassword({ currentPassword: 'Wrong-One-123', newPassword: 'x' })
    await server.client().logIn(user.login, 'Wrong-One-123')
    await server.client().requestPasswordReset(user.login)
    await server.services.resetRequests.idle()
    await server.services.mail.idle()
    const userId = user.id
    const before = await server.database.read(async unit => ({
      kept: [
        await unit.rows(SecondFactorEntity).countBy({ userId }),
        await unit.rows(RecoveryCodeEntity).countBy({ userId }),
        await unit.rows(SecondFactorEnrolmentEntity).countBy({ userId }),
        await unit.rows(SignInChallengeEntity).countBy({ userId }),
        await unit.rows(TrustedDeviceEntity).countBy({ userId }),
        await unit.rows(SignInNetworkEntity).countBy({ userId }),
        await unit.rows(ApiTokenEntity).countBy({ userId }),
      ],
      mails: await unit.rows(OutboxMailEntity).findBy({ recipient: user.login }),
      history: await unit.rows(PasswordHistoryEntity).findBy({ userId: user.id }),
      counts: (await unit.rows(ThrottleEntity).find()).filter(({ key }) =>
        key.includes(user.loginKey),
      ),
    }))
    expect(before.mails.map(({ subject }) => subject).sort()).toEqual([
      'A recovery code was used',
      'A second factor was added',
      'An API token was created',
      'New sign-in to your account',
      'Reset your password',
      'Your password was changed',
    ])
    expect(before.history).toHaveLength(1)
    expect(before.kept).toEqual([1, 10, 1, 2, 1, 1, 1])
    expect(before.counts).not.toEqual([])
    const { payload } = await remove({ userId: user.id, login: user.login })
    expect(payload.errors).toEqual([])
    expect(await script.whoAmI()).toBeNull()
    await server.services.operations.idle()
  })

  it('their data is only in the operation list, and there only by their id', async () => {
    const rows = await everyRow()
    for (const trace of [...Object.values(traces), '99887766', 'Brisk-Meadow-41']) {
      expect(rows.toLowerCase()).not.toContain(trace.toLowerCase())
    }
    expect(await everyRow('operations')).not.toContain(user.id)
  })

  const onSqlite = process.env.TEST_POSTGRES_URL ? it.skip : it

  onSqlite('is in no byte of the file either', async () => {
    const { database } = server.config
    if (database.engine !== 'sqlite') throw new Error('This is not SQLite.')
    const own = new Sqlite(database.file)
    await new Promise((done, failed) =>
      own.all('PRAGMA wal_checkpoint(TRUNCATE)', (failure, rows) =>
        failure === null ? done(rows) : failed(failure),
      ),
    )
    await new Promise(done => own.close(done))
    const bytes = (await server.storedBytes()).toLowerCase()
    expect(bytes).toContain(admin.login)
    for (const trace of [...Object.values(traces), 'zephyri', '99887766']) {
      expect(bytes).not.toContain(trace.toLowerCase())
    }
  })

  it('the operation list keeps what they did, under a pseudonym, and its chain stays intact', async () => {
    const { data } = await asAdmin.query(
      `query ($filter: OperationFilter) {
        operations(filter: $filter) { nodes { action actorName subjectName actor { id } subject { id } } }
      }`,
      { filter: { subjectId: user.id } },
    )
    const pseudonym = `Deleted user ${user.id.slice(-6)}`
    expect(data.operations.nodes[0]).toEqual({
      action: 'DELETE_USER',
      actorName: 'Adam Nowak',
      subjectName: pseudonym,
      actor: { id: admin.id },
      subject: null,
    })
    const own = data.operations.nodes.find(
      ({ action }: { action: string }) => action === 'UPDATE_USER',
    )
    expect(own).toMatchObject({ actorName: pseudonym, subjectName: pseudonym, actor: null })
    expect(await server.services.operations.verify()).toMatchObject({ kind: 'unbroken' })
  })

  it('the export contains them under the same pseudonym', async () => {
    const response = await asAdmin.get(`/operations.csv?subjectId=${user.id}&actions=UPDATE_USER`)
    const [row] = parse(await response.text(), { columns: true }) as Record<string, string>[]
    expect(row).toMatchObject({
      actorId: user.id,
      actorLogin: '',
      actorName: `Deleted user ${user.id.slice(-6)}`,
    })
  })
})
