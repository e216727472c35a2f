import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { uuidv7 } from 'uuidv7'
import { insertMany } from '../database/insert-many.js'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { PasswordHistoryEntity } from '../passwords/password-history.entity.js'
import { RecoveryCodeEntity } from '../second-factor/recovery-code.entity.js'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { SecondFactorEnrolmentEntity } from '../second-factor/second-factor-enrolment.entity.js'
import { SignInChallengeEntity } from '../second-factor/sign-in-challenge.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { answer, beginLogIn, enrolTotp, mutate } from '../testing/second-factor-client.js'
import { goodPassword, TestServer } from '../testing/test-server.js'
import { TrustedDeviceEntity } from '../trusted-devices/trusted-device.entity.js'
import { UserEntity } from '../users/user.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const newPassword = 'Brisk-Meadow-41'

describe('the download of the user’s own data', () => {
  it('contains all stored data, as a file that is not cached', async () => {
    const member = await server.addUser({ firstName: 'Maya', lastName: 'Lind' })
    const client = server.client({ 'user-agent': 'Firefox' })
    await client.logIn(member.login)
    await server.client({ 'user-agent': 'Phone' }).logIn(member.login)
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    await server.client().logIn(member.login, 'Wrong-One-123')
    await server.client().requestPasswordReset(member.login)
    await server.mailsTo(member.login)
    await server.services.operations.idle()

    const response = await client.get('/my-data.json')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="my-data.json"')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    const seen = { createdAt: time, lastSeenAt: time, expiresAt: time }
    const session = { id: expect.any(String), ip: '127.0.0.1', ...seen }
    const done = {
      number: expect.any(Number),
      at: time,
      outcome: 'DONE',
      reason: null,
      changes: [],
      ip: '127.0.0.1',
    }
    const changes = [{ name: 'method', from: 'PASSWORD', to: 'PASSWORD' }]
    const fromNewBrowser = [...changes, { name: 'newPlace', from: 'BROWSER', to: 'BROWSER' }]
    const byThem = { ...done, onYou: true, userAgent: 'Firefox', apiTokenPrefix: null }
    const byNobody = { ...done, actorName: null, userAgent: 'node' }
    expect(await response.json()).toEqual({
      gatheredAt: time,
      profile: {
        id: member.id,
        login: member.login,
        firstName: 'Maya',
        lastName: 'Lind',
        phone: null,
        externalId: null,
        metadata: null,
        language: 'en',
        status: 'ACTIVE',
        loginVerifiedAt: null,
        loginChangedAt: null,
        formerLogin: null,
        lastSignInAt: time,
        notificationsSeenAt: null,
        createdAt: time,
        updatedAt: time,
        version: 1,
      },
      access: {
        role: 'MEMBER',
        grantedPermissions: [],
        withdrawnPermissions: [],
        permissions: [],
      },
      password: {
        changedAt: time,
        mustChange: false,
        temporary: false,
        expiresAt: null,
        remindedAt: null,
        earlierOnesReplacedAt: [time],
      },
      sessions: [
        { ...session, userAgent: 'Firefox', endReason: null },
        { ...session, userAgent: 'Phone', endReason: 'PASSWORD_CHANGED' },
      ],
      secondFactors: [],
      requestedDeletion: null,
      recoveryCodes: { left: 0, usedAt: [] },
      secondFactorsBegun: [],
      secondSteps: [],
      trustedDevices: [],
      apiTokens: [],
      networks: [{ network: '127.0.0.0/24', lastSeenAt: time }],
      bulkJobs: [],
      links: [
        {
          purpose: 'PASSWORD_RESET',
          sentToLogin: true,
          createdAt: time,
          expiresAt: time,
          status: 'VALID',
        },
      ],
      mailsOnTheirWay: [],
      mailsNotDelivered: [],
      operationsByYou: [
        { ...byThem, action: 'CHANGE_PASSWORD' },
        { ...byThem, action: 'LOG_IN', changes: fromNewBrowser, userAgent: 'Phone' },
        { ...byThem, action: 'LOG_IN', changes },
      ],
      operationsOnYou: [
        { ...byNobody, action: 'REQUEST_PASSWORD_RESET' },
        { ...byNobody, action: 'LOG_IN', outcome: 'REFUSED', reason: 'INVALID_CREDENTIALS' },
      ],
      sentToWebhooks: [],
    })
  })

  it('contains the data of second factors and trusted devices, but nothing that grants access', async () => {
    await server.setSecurity({ trustedDevices: 'WEEK' })
    const member = await server.addUser({ phone: '+442079460018' })
    const client = await server.signedIn(member)
    const { secret, factor, recoveryCodes } = await enrolTotp(client, 'My phone')
    await mutate(client, 'beginPasskeyEnrolment', 'token errors { __typename }')
    const other = server.client({ 'user-agent': 'Tablet' })
    const { challenge } = await beginLogIn(other, member.login)
    const [code] = recoveryCodes
    const given = { token: challenge.token, method: 'RECOVERY_CODE', code, trustDevice: true }
    await answer(other, given)

    const text = await (await client.get('/my-data.json')).text()
    const data = JSON.parse(text)
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(data.secondFactors).toEqual([
      {
        id: factor.id,
        method: 'TOTP',
        name: 'My phone',
        phone: null,
        transports: null,
        aaguid: null,
        createdAt: time,
        lastUsedAt: null,
      },
    ])
    expect(data.recoveryCodes).toEqual({ left: 9, usedAt: [time] })
    expect(data.secondFactorsBegun).toEqual([
      { method: 'PASSKEY', phone: null, createdAt: time, expiresAt: time },
    ])
    const step = { attempts: 1, createdAt: time, expiresAt: time, usedAt: time }
    expect(data.secondSteps).toEqual([{ purpose: 'SIGN_IN', ...step }])
    expect(data.trustedDevices).toMatchObject([{ userAgent: 'Tablet', lastUsedAt: time }])

    const kept = await server.database.read(async unit => [
      ...(await unit.rows(SecondFactorEntity).findBy({ userId: member.id })),
      ...(await unit.rows(RecoveryCodeEntity).findBy({ userId: member.id })),
      ...(await unit.rows(SecondFactorEnrolmentEntity).findBy({ userId: member.id })),
      ...(await unit.rows(SignInChallengeEntity).findBy({ userId: member.id })),
      ...(await unit.rows(TrustedDeviceEntity).findBy({ userId: member.id })),
    ])
    const secrets = kept.flatMap(row =>
      Object.entries(row)
        .filter(([column]) => /secret|hash|challenge/i.test(column))
        .flatMap(([, value]) => (value === null ? [] : [String(value)])),
    )
    // One secret of the app, ten of the codes, two of the enrolment, one of the step, one of
    // the device.
    expect(secrets.length).toBe(15)
    for (const passing of [...secrets, secret, ...recoveryCodes, challenge.token]) {
      expect(text).not.toContain(passing)
    }
  })

  it('contains no hash and no token', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    await server.client().requestPasswordReset(member.login)
    const [, token = ''] =
      /#token=(\S+)/.exec((await server.mailsTo(member.login)).at(-1)?.text ?? '') ?? []
    expect(token).not.toBe('')
    const secrets = await server.database.read(async unit => {
      const userId = member.id
      const users = await unit.rows(UserEntity).findBy({ id: userId })
      const history = await unit.rows(PasswordHistoryEntity).findBy({ userId })
      const sessions = await unit.rows(SessionEntity).findBy({ userId })
      const links = await unit.rows(OneTimeLinkEntity).findBy({ userId })
      return [
        ...users.map(row => row.passwordHash ?? ''),
        ...history.map(row => row.passwordHash),
        ...sessions.map(row => row.tokenHash),
        ...links.map(row => row.tokenHash),
      ]
    })
    expect(secrets.length).toBeGreaterThanOrEqual(4)
    const text = await (await client.get('/my-data.json')).text()
    for (const secret of [
      ...secrets,
      token,
      client.session?.split('=')[1] ?? '',
      '$argon2',
      newPassword,
    ]) {
      expect(secret).not.toBe('')
      expect(text.includes(secret)).toBe(false)
    }
  })

  it('contains nothing about other people except the names of those who did something', async () => {
    const admin = await server.addUser({ role: 'ADMIN', firstName: 'Adam', lastName: 'Nowak' })
    const member = await server.addUser({ firstName: 'Maya', lastName: 'Lind' })
    const adminClient = server.client({ 'user-agent': 'Browser of Adam' })
    await adminClient.logIn(admin.login)
    await adminClient.changePassword({
      userId: member.id,
      currentPassword: goodPassword,
      newPassword,
      requireChangeAtNextSignIn: false,
    })
    const client = await server.signedIn(member, newPassword)
    const text = await (await client.get('/my-data.json')).text()
    const [operation] = JSON.parse(text).operationsOnYou
    expect(operation).toMatchObject({ action: 'CHANGE_PASSWORD', actorName: 'Adam Nowak' })
    expect(operation).not.toHaveProperty('ip')
    for (const theirs of [admin.id, admin.login, 'Browser of Adam']) {
      expect(text).not.toContain(theirs)
    }
    const adminText = await (await adminClient.get('/my-data.json')).text()
    expect(JSON.parse(adminText).operationsByYou[0]).toMatchObject({
      action: 'CHANGE_PASSWORD',
      onYou: false,
    })
    for (const theirs of [member.id, member.login, 'Maya', 'Lind']) {
      expect(adminText).not.toContain(theirs)
    }
  })

  it('shows a pseudonym for a user who was deleted', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const member = await server.addUser()
    const adminClient = await server.signedIn(admin)
    await adminClient.changePassword({
      userId: member.id,
      currentPassword: goodPassword,
      newPassword,
      requireChangeAtNextSignIn: false,
    })
    await server.database.write(async unit => {
      await unit.rows(UserEntity).delete({ id: admin.id })
    })
    const client = await server.signedIn(member, newPassword)
    const { operationsOnYou } = JSON.parse(await (await client.get('/my-data.json')).text())
    expect(operationsOnYou[0].actorName).toBe(`Deleted user ${admin.id.slice(-6)}`)
  })

  it('contains every operation, however many there are', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await server.database.write(unit =>
      insertMany(
        unit.rows(OperationEntity),
        Array.from({ length: 2500 }, (_, index) => ({
          id: uuidv7(),
          at: new Date(),
          action: 'UPDATE_USER' as const,
          outcome: 'DONE' as const,
          reason: null,
          actorId: index % 2 === 0 ? member.id : null,
          subjectId: member.id,
          ip: '127.0.0.1',
          userAgent: '"quoted" \u2028 </script>',
          requestId: '',
          apiTokenPrefix: null,
          changes: [],
          number: null,
          previousHash: null,
          hash: null,
        })),
      ),
    )
    const data = JSON.parse(await (await client.get('/my-data.json')).text())
    expect(data.operationsByYou).toHaveLength(1251)
    expect(data.operationsOnYou).toHaveLength(1250)
    expect(data.operationsOnYou[0].userAgent).toBe('"quoted" \u2028 </script>')
  })

  it('requires a signed-in user who does not have to change their password first', async () => {
    expect((await server.client().get('/my-data.json')).status).toBe(401)
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await server.database.write(async unit => {
      await unit.rows(UserEntity).update({ id: member.id }, { mustChangePassword: true })
    })
    expect((await client.get('/my-data.json')).status).toBe(403)
  })
})
