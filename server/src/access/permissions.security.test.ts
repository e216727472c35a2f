import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Permission, permissions } from '@rekey/shared/access'
import { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import { createSchemaToRead } from '../app/schema.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { IdempotencyRecordEntity } from '../idempotency/idempotency-record.entity.js'
import { AllowedAddressEntity } from '../ip-authorization/allowed-address.entity.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import type { OperationAction } from '../operations/operation.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { SecondFactorEnrolmentEntity } from '../second-factor/second-factor-enrolment.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { AccountSettingEntity } from '../settings/account-setting.entity.js'
import { apiTokenOf, type TestApiToken } from '../testing/api-token-client.js'
import { Mailbox } from '../testing/mailbox.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { TrustedDeviceEntity } from '../trusted-devices/trusted-device.entity.js'
import { UserEntity } from '../users/user.entity.js'
import { WebhookEntity } from '../webhooks/webhook.entity.js'
import { WebhookDeliveryEntity } from '../webhooks/webhook-delivery.entity.js'
import { type MutationRequirements, requirementsOf } from './guards.js'

/** The users and things that calls act on. */
interface People {
  readonly caller: UserEntity
  /** An active member, who has a session, an API token and a trusted device. */
  readonly other: UserEntity
  readonly otherSessionId: string
  readonly otherApiTokenId: string
  /** A user with a valid invitation. */
  readonly invited: UserEntity
  readonly blocked: UserEntity
  /** The id of a range on the list of allowed addresses. */
  readonly allowedAddressId: string
  /** A webhook to an unreachable URL, with a delivery. */
  readonly webhook: { readonly id: string; readonly deliveryId: string }
  /** A mail that the mail server rejected. */
  readonly failedMailId: string
}

/** A complete input for a mutation, so that only a right can be missing. */
interface Sample {
  /** Undefined for a mutation without input. */
  readonly input?: (people: People) => Record<string, unknown>
  /** The same input for the caller's own profile. */
  readonly own?: (people: People) => Record<string, unknown>
  /** The action under which a rejection is recorded. */
  readonly action?: OperationAction
  /** Whether the input changes nothing, such as a member who becomes a member. */
  readonly changesNothing?: true
  /** Whether the mutation returns a result for each of many users. */
  readonly many?: true
}

let count = 0
const someone = () => {
  count += 1
  return { login: `invited${count}@rekey.example`, firstName: 'New', lastName: 'One' }
}
let addresses = 0
const nextAddress = () => {
  addresses += 1
  return `198.18.${addresses >> 8}.${addresses & 255}`
}
const access = {
  role: 'MEMBER',
  grantedPermissions: ['access.manage'],
  withdrawnPermissions: [],
}
const tomorrow = () => new Date(Date.now() + 24 * 60 * 60 * 1000)
const someWebhook = { url: 'https://localhost.invalid/', events: ['user.updated'] }
// Of the bcrypt library of Python.
const passwordHash = '$2b$10$6Lx/LI1mngFSbUwtnszD/.Cyh8/2/wSh6ubVGOUAZlj6cnFQF32ou'
const change = { currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' }

// A mutation that is missing here, or that has no rule, does not compile.
const samples = {
  setUpOwner: { input: () => ({ ...someone(), token: 'x', password: goodPassword }) },
  logIn: { input: () => ({ login: 'nobody@rekey.example', password: 'x' }) },
  logOut: {},
  markNotificationsSeen: { input: () => ({ until: tomorrow() }) },
  requestPasswordReset: { input: () => ({ login: 'nobody@rekey.example' }) },
  resetPassword: { input: () => ({ token: 'x', newPassword: goodPassword }) },
  activateUser: { input: () => ({ token: 'x', password: goodPassword }) },
  endSession: { input: () => ({ sessionId: 'x' }) },
  endOtherSessions: {},
  changePassword: {
    input: ({ other }) => ({ ...change, userId: other.id }),
    own: () => change,
    action: 'CHANGE_PASSWORD',
  },
  updateUser: {
    input: ({ other }) => ({ userId: other.id, firstName: 'Changed' }),
    own: ({ caller }) => ({ userId: caller.id, firstName: 'Changed' }),
    action: 'UPDATE_USER',
  },
  inviteUser: { input: someone, action: 'INVITE_USER' },
  importUsers: {
    input: () => ({ users: [{ ...someone(), passwordHash }] }),
    action: 'IMPORT_USER',
    many: true,
  },
  inviteUsers: { input: () => ({ users: [someone()] }), action: 'INVITE_USER', many: true },
  resendInvitation: {
    input: ({ invited }) => ({ userId: invited.id }),
    action: 'RESEND_INVITATION',
  },
  revokeInvitation: {
    input: ({ invited }) => ({ userId: invited.id }),
    action: 'REVOKE_INVITATION',
  },
  blockUsers: {
    input: ({ other }) => ({ userIds: [other.id] }),
    action: 'BLOCK_USER',
    many: true,
  },
  unblockUsers: {
    input: ({ blocked }) => ({ userIds: [blocked.id] }),
    action: 'UNBLOCK_USER',
    many: true,
  },
  sendPasswordResetLinks: {
    input: ({ other }) => ({ userIds: [other.id] }),
    action: 'SEND_PASSWORD_RESET_LINK',
    many: true,
  },
  requirePasswordChange: {
    input: ({ other }) => ({ userIds: [other.id] }),
    action: 'REQUIRE_PASSWORD_CHANGE',
    many: true,
  },
  withdrawPasswordChangeRequirement: {
    input: ({ other }) => ({ userIds: [other.id] }),
    action: 'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
    many: true,
    // No change is required of this user.
    changesNothing: true,
  },
  signOutUsers: {
    input: ({ other }) => ({ userIds: [other.id] }),
    action: 'SIGN_OUT_USER',
    many: true,
  },
  secureUser: { input: ({ other }) => ({ userId: other.id }), action: 'SECURE_USER' },
  endUserSession: {
    input: ({ other, otherSessionId }) => ({ userId: other.id, sessionId: otherSessionId }),
    action: 'END_SESSION',
  },
  revokeUserApiToken: {
    input: ({ other, otherApiTokenId }) => ({ userId: other.id, apiTokenId: otherApiTokenId }),
    action: 'REVOKE_API_TOKEN',
  },
  revokeUserTrustedDevices: {
    input: ({ other }) => ({ userId: other.id }),
    action: 'REVOKE_ALL_TRUSTED_DEVICES',
  },
  createPasswordResetLink: {
    input: ({ other }) => ({ userId: other.id }),
    action: 'CREATE_PASSWORD_RESET_LINK',
  },
  createInvitationLink: {
    input: ({ invited }) => ({ userId: invited.id }),
    action: 'CREATE_INVITATION_LINK',
  },
  changeRoles: {
    input: ({ invited }) => ({ userIds: [invited.id], role: 'MEMBER' }),
    changesNothing: true,
    action: 'CHANGE_ACCESS',
    many: true,
  },
  changeAccess: {
    input: ({ other }) => ({ ...access, userId: other.id }),
    action: 'CHANGE_ACCESS',
  },
  deleteUser: {
    input: ({ other }) => ({ userId: other.id, login: other.login }),
    action: 'DELETE_USER',
  },
  startBulkJob: {
    input: ({ other }) => ({ action: 'BLOCK', userIds: [other.id], confirmedCount: 1 }),
  },
  cancelBulkJob: { input: () => ({ jobId: 'x' }) },
  reauthenticate: { input: () => ({ password: goodPassword }) },
  beginReauthentication: {},
  answerChallenge: { input: () => ({ token: 'x', method: 'TOTP', code: '123456' }) },
  sendChallengeCode: { input: () => ({ token: 'x' }) },
  beginPasskeySignIn: {},
  logInWithPasskey: { input: () => ({ token: 'x', response: {} }) },
  beginTotpEnrolment: {},
  confirmTotpEnrolment: { input: () => ({ token: 'x', code: '123456', name: 'Phone' }) },
  beginPasskeyEnrolment: {},
  confirmPasskeyEnrolment: { input: () => ({ token: 'x', response: {}, name: 'Key' }) },
  beginSmsEnrolment: {},
  confirmSmsEnrolment: { input: () => ({ token: 'x', code: '123456', name: 'Phone' }) },
  renameSecondFactor: { input: () => ({ id: 'x', name: 'Key' }) },
  removeSecondFactor: { input: () => ({ id: 'x' }) },
  regenerateRecoveryCodes: {},
  resetSecondFactor: {
    input: ({ other }) => ({ userId: other.id }),
    action: 'RESET_SECOND_FACTOR',
  },
  revokeTrustedDevice: { input: () => ({ id: 'x' }) },
  revokeAllTrustedDevices: {},
  updateSecuritySettings: {
    input: () => ({ trustedDevices: 'WEEK' }),
    action: 'UPDATE_SECURITY_SETTINGS',
  },
  updateAccountSettings: {
    input: () => ({ defaultLanguage: 'de' }),
    action: 'UPDATE_ACCOUNT_SETTINGS',
  },
  updatePasswordPolicy: {
    input: () => ({ rules: [{ rule: 'REUSED', enabled: true, bound: 6 }] }),
    action: 'UPDATE_PASSWORD_POLICY',
  },
  updatePasswordAge: {
    input: () => ({ temporaryPasswordHours: 24 }),
    action: 'UPDATE_PASSWORD_AGE',
  },
  updateSetupChecklist: {
    input: () => ({ skippedSteps: ['BACKUP'] }),
    action: 'UPDATE_SETUP_CHECKLIST',
  },
  updateOperationRetention: {
    input: () => ({ keepDays: 365 }),
    action: 'UPDATE_OPERATION_RETENTION',
  },
  updateAccountLook: {
    input: () => ({ name: 'Acme' }),
    action: 'UPDATE_ACCOUNT_LOOK',
  },
  updateOwnDeletion: {
    input: () => ({ allowed: false }),
    action: 'UPDATE_OWN_DELETION',
  },
  requestOwnDeletion: {},
  cancelOwnDeletion: {},
  addAllowedAddress: {
    input: () => ({ range: nextAddress(), label: 'Office' }),
    action: 'ADD_ALLOWED_ADDRESS',
  },
  removeAllowedAddress: {
    input: ({ allowedAddressId: id }) => ({ id }),
    action: 'REMOVE_ALLOWED_ADDRESS',
  },
  createWebhook: { input: () => someWebhook, action: 'CREATE_WEBHOOK' },
  updateWebhook: {
    input: ({ webhook }) => ({ webhookId: webhook.id, description: 'Changed' }),
    action: 'UPDATE_WEBHOOK',
  },
  rotateWebhookSecret: {
    input: ({ webhook }) => ({ webhookId: webhook.id }),
    action: 'ROTATE_WEBHOOK_SECRET',
  },
  deleteWebhook: {
    input: ({ webhook }) => ({ webhookId: webhook.id }),
    action: 'DELETE_WEBHOOK',
  },
  sendTestMail: { action: 'SEND_TEST_MAIL' },
  retryMail: { input: ({ failedMailId: mailId }) => ({ mailId }), action: 'RETRY_MAIL' },
  dropMail: { input: ({ failedMailId: mailId }) => ({ mailId }), action: 'DROP_MAIL' },
  createApiToken: { input: () => ({ name: 'Script', permissions: [], expiresAt: tomorrow() }) },
  revokeApiToken: { input: () => ({ apiTokenId: 'x' }) },
  testWebhook: { input: ({ webhook }) => ({ webhookId: webhook.id }), action: 'TEST_WEBHOOK' },
  replayWebhookDelivery: {
    input: ({ webhook }) => ({ deliveryId: webhook.deliveryId }),
    action: 'REPLAY_WEBHOOK_DELIVERY',
  },
} satisfies Record<string, Sample>

/** The sample input of a mutation. */
const sampleOf = (name: string): Sample => {
  const sample = (samples as Record<string, Sample>)[name]
  if (sample === undefined) throw new Error(`Add a sample of ${name} to this file.`)
  return sample
}

const requirements = [...requirementsOf(createSchemaToRead())]

/** The mutations with a requirement of this kind, and its value. */
const requiring = <Found>(
  pick: (required: MutationRequirements) => Found | undefined,
): [string, Found][] =>
  requirements.flatMap(([name, required]): [string, Found][] => {
    const found = pick(required)
    return found === undefined ? [] : [[name, found]]
  })
const withPermission = requiring(({ permission }) => permission)
const withFurtherPermission = requiring(({ furtherPermission }) => furtherPermission)
const withPermissionForOthers = requiring(({ permissionForOthers }) => permissionForOthers)
/** Every permission that a mutation requires, at least for other users. */
const requiredBy = (name: string): Permission[] =>
  [...withPermission, ...withFurtherPermission, ...withPermissionForOthers].flatMap(
    ([other, permission]) => (other === name ? permission : []),
  )
const forSignedIn = requiring(({ signedIn }) => signedIn)
const byInput = requiring(({ permissionByInput }) => permissionByInput)
const forSessionsOnly = requiring(({ sessionOnly }) => sessionOnly).map(([name]) => name)
const forAnyone = requiring(required => required.public)

// Each test compares whole tables, which grow from test to test.
const testsPerServer = 20
let server: TestServer
let testsBegun = 0
let mailbox: Mailbox
let smtpUrl: string
beforeAll(async () => {
  ;({ mailbox, url: smtpUrl } = await Mailbox.start())
})
beforeEach(async () => {
  if (testsBegun % testsPerServer === 0) {
    await server?.stop()
    server = await TestServer.start({ SMTP_URL: smtpUrl })
    await server.setSecurity({ trustedDevices: 'MONTH' })
  }
  testsBegun += 1
})
afterAll(async () => {
  await server.stop()
  await mailbox.stop()
})

const origin: RequestOrigin = { ip: '127.0.0.1', userAgent: 'test', requestId: 'test' }
/** Creates a webhook and removes earlier ones, because their number is limited. */
const makeWebhook = async () => {
  const owner = await server.addUser({ role: 'OWNER' })
  const { id: requestId } = owner
  const origin = { ip: '127.0.0.1', userAgent: '', requestId }
  await server.services.webhookOutbox.idle()
  await server.database.write(unit => unit.rows(WebhookEntity).deleteAll())
  const fields = { ...someWebhook, description: '' }
  const made = await server.services.webhooks.create(owner, fields, origin)
  if (made.kind !== 'created') throw new Error('The webhook was not created.')
  const { id } = made.webhook
  const sent = await server.services.webhooks.test(owner, id, origin)
  if (sent.kind !== 'queued') throw new Error('The delivery was not created.')
  await server.services.webhookOutbox.idle()
  return { id, deliveryId: sent.delivery.id }
}

/** Creates a mail that the mail server rejected. */
const makeFailedMail = async () => {
  const recipient = 'nobody@rekey.example'
  await server.services.mail.stop()
  await server.database.write(async unit => {
    const content = { subject: 'Some news', greeting: 'Hello,', paragraphs: [], facts: [] }
    const to = { login: recipient, language: 'en' }
    await server.services.mail.send(unit, to, () => ({ ...content, footer: '' }))
    const ended = { state: 'FAILED', endedAt: new Date() } as const
    await unit.rows(OutboxMailEntity).update({ recipient, state: 'WAITING' }, ended)
  })
  server.services.mail.start(() => undefined)
  const failed = await server.services.mail.listUndelivered(recipient)
  return failed.at(-1)?.id ?? ''
}

const peopleFor = async (caller: UserEntity): Promise<People> => {
  const invited = await server.addUser({ status: 'INVITED', password: null })
  await server.database.write(unit =>
    server.services.links.issue(unit, 'INVITATION', invited.id, 60),
  )
  const { ipAuthorization } = server.services
  const given = { range: nextAddress(), label: '' }
  const owner = await server.addUser({ role: 'OWNER' })
  const added = await ipAuthorization.add(owner, given, origin)
  if (added.kind !== 'added') throw new Error(`${given.range} was not added.`)
  const other = await server.addUser()
  const { row: otherApiToken } = await apiTokenOf(server, other)
  const otherSession = await server.database.write(async unit => {
    await server.services.trustedDevices.trust(unit, other, origin)
    await server.services.sessions.begin(unit, other, undefined, origin)
    return unit.rows(SessionEntity).findOneByOrFail({ userId: other.id })
  })
  return {
    caller,
    allowedAddressId: added.address.id,
    other,
    otherSessionId: otherSession.id,
    otherApiTokenId: otherApiToken.id,
    invited,
    blocked: await server.addUser({ status: 'BLOCKED' }),
    webhook: await makeWebhook(),
    failedMailId: await makeFailedMail(),
  }
}

/** Creates a member with only these permissions. */
const memberWith = (grantedPermissions: Permission[]) => server.addUser({ grantedPermissions })

/** Creates an admin with all permissions except this one. */
const adminWithout = (permission: Permission) =>
  server.addUser({ role: 'ADMIN', withdrawnPermissions: [permission] })

/** Calls the mutation, optionally after another field in the same request. */
const call = (
  client: TestClient,
  name: string,
  input?: Record<string, unknown>,
  { before = '', headers = {} }: { before?: string; headers?: Record<string, string> } = {},
) => {
  const errors = 'errors { __typename }'
  const selection = sampleOf(name).many ? `${errors} results { ${errors} }` : errors
  const send = (query: string, variables = {}) =>
    client.post(JSON.stringify({ query, variables }), headers)
  if (input === undefined) return send(`mutation { ${before} ${name} { ${selection} } }`)
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return send(`mutation ($input: ${type}!) { ${before} ${name}(input: $input) { ${selection} } }`, {
    input,
  })
}

/** Everything that a mutation could have changed. */
const state = () =>
  server.database.read(async unit => [
    await unit.rows(UserEntity).find({ order: { id: 'ASC' } }),
    await unit.rows(OneTimeLinkEntity).find({ order: { id: 'ASC' } }),
    await unit.rows(SessionEntity).find({ order: { id: 'ASC' } }),
    await unit.rows(AccountSettingEntity).find(),
    await unit.rows(AllowedAddressEntity).find({ order: { id: 'ASC' } }),
    await unit.rows(SecondFactorEntity).find({ order: { id: 'ASC' } }),
    await unit.rows(SecondFactorEnrolmentEntity).find({ order: { id: 'ASC' } }),
    await unit.rows(TrustedDeviceEntity).find({ order: { id: 'ASC' } }),
    await unit.rows(ApiTokenEntity).find({
      // The recorded use of a token is not a change.
      select: ['id', 'permissions'],
      order: { id: 'ASC' },
    }),
    await unit.rows(WebhookEntity).find({ order: { id: 'ASC' } }),
    await unit.rows(WebhookDeliveryEntity).find({ order: { id: 'ASC' } }),
  ])

const refusalsBy = (actorId: string) =>
  server.database.read(unit => unit.rows(OperationEntity).findBy({ actorId, outcome: 'REFUSED' }))

/** Calls the mutation as a user who may not, and expects that it only records the rejection. */
const expectForbidden = async (name: string, caller: UserEntity, missing: Permission) => {
  const people = await peopleFor(caller)
  const client = await server.signedIn(caller)
  const before = await state()
  const answer = await call(client, name, sampleOf(name).input?.(people))
  expect(answer.errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN', reason: 'PERMISSION_MISSING', permission: missing } },
  ])
  expect(await state()).toEqual(before)
  expect(await refusalsBy(caller.id)).toMatchObject([
    { action: sampleOf(name).action, reason: 'FORBIDDEN' },
  ])
}

/** The same with an API token as the only credential. */
const expectForbiddenByToken = async (
  name: string,
  { client, row }: TestApiToken,
  [missing]: readonly Permission[],
) => {
  const people = await peopleFor(await memberWith([]))
  const before = await state()
  const answer = await call(client, name, sampleOf(name).input?.(people))
  expect(answer.errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN', reason: 'PERMISSION_MISSING', permission: missing } },
  ])
  expect(await state()).toEqual(before)
  expect(await refusalsBy(row.userId)).toMatchObject([
    { action: sampleOf(name).action, reason: 'FORBIDDEN', apiTokenPrefix: row.prefix },
  ])
}

const expectDone = async (name: string, client: TestClient, input?: Record<string, unknown>) => {
  const headers = { 'idempotency-key': randomUUID() }
  const answer = await call(client, name, input, { headers })
  expect(answer.errors).toBeUndefined()
  const payload = answer.data[name]
  // The transaction has recorded its work; otherwise a repeat after a failure would do it twice.
  const [record] = await server.database.read(unit =>
    unit.rows(IdempotencyRecordEntity).find({ order: { expiresAt: 'DESC' }, take: 1 }),
  )
  if (!sampleOf(name).changesNothing) expect(record?.workId).toEqual(expect.any(String))
  expect(payload.errors).toEqual([])
  if (sampleOf(name).many) expect(payload.results).toEqual([{ errors: [] }])
}

const expectUnauthenticated = async (name: string) => {
  const people = await peopleFor(await memberWith([]))
  const before = await state()
  const answer = await call(server.client(), name, sampleOf(name).input?.(people))
  expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  expect(await state()).toEqual(before)
}

describe('the sample inputs', () => {
  it('exist for every mutation of the schema, and for no other', () => {
    expect(Object.keys(samples).sort()).toEqual(requirements.map(([name]) => name).sort())
  })
})

describe.each([...withPermission, ...withFurtherPermission, ...withPermissionForOthers])(
  '%s on other users requires %s',
  (name, permission) => {
    it('rejects an admin who lacks only this permission', async () => {
      await expectForbidden(name, await adminWithout(permission), permission)
    })

    it('rejects a member who has all other permissions', async () => {
      const others = permissions.filter(one => one !== permission)
      await expectForbidden(name, await memberWith(others), permission)
    })

    it('allows a member who has only what it requires', async () => {
      const caller = await memberWith(requiredBy(name))
      const people = await peopleFor(caller)
      await expectDone(name, await server.signedIn(caller), sampleOf(name).input?.(people))
    })

    it('rejects a caller who is not signed in', async () => {
      await expectUnauthenticated(name)
    })
  },
)

const forTokens = [...withPermission, ...withFurtherPermission, ...withPermissionForOthers].filter(
  ([name]) => !forSessionsOnly.includes(name),
)

describe.each(forTokens)('%s on other users with an API token requires %s', (name, permission) => {
  it('rejects a token without permissions, even of an owner', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    await expectForbiddenByToken(name, await apiTokenOf(server, owner), requiredBy(name))
  })

  it('rejects a token with all other permissions, even of an owner', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const others = permissions.filter(one => one !== permission)
    await expectForbiddenByToken(name, await apiTokenOf(server, owner, others), [permission])
  })

  it('rejects a token with the permission if its owner no longer has it', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const apiToken = await apiTokenOf(server, admin, permissions)
    const access = { role: 'ADMIN', withdrawnPermissions: [permission] } as const
    await server.database.write(unit => server.services.users.changeAccess(unit, [admin], access))
    await expectForbiddenByToken(name, apiToken, [permission])
  })

  it('allows a token of an owner that has only what it requires', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { client } = await apiTokenOf(server, owner, requiredBy(name))
    await expectDone(name, client, sampleOf(name).input?.(await peopleFor(owner)))
  })
})

describe('a mutation about how the caller signs in', () => {
  it.each(forSessionsOnly)('rejects API tokens for %s, whatever their permissions', async name => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { client } = await apiTokenOf(server, owner, permissions)
    const people = await peopleFor(owner)
    const before = await state()
    const answer = await call(client, name, sampleOf(name).input?.(people))
    expect(answer.errors).toMatchObject([{ extensions: { code: 'SESSION_REQUIRED' } }])
    expect(await state()).toEqual(before)
  })
})

describe('a mutation that needs no permission on the caller’s own profile', () => {
  it.each(withPermissionForOthers)(
    'allows %s on the own profile with an API token without permissions',
    async name => {
      const owner = await server.addUser({ role: 'OWNER' })
      const { client } = await apiTokenOf(server, owner)
      await expectDone(name, client, sampleOf(name).own?.(await peopleFor(owner)))
    },
  )

  it.each(withPermissionForOthers)(
    'allows %s on the own profile without permissions',
    async name => {
      const caller = await memberWith([])
      const people = await peopleFor(caller)
      await expectDone(name, await server.signedIn(caller), sampleOf(name).own?.(people))
    },
  )
})

describe('a mutation whose permission depends on the input', () => {
  it.each(byInput)('rejects a caller who is not signed in: %s', async name => {
    await expectUnauthenticated(name)
  })

  it.each(byInput)('rejects a member without permissions: %s', async name => {
    const caller = await memberWith([])
    const people = await peopleFor(caller)
    const client = await server.signedIn(caller)
    const { errors } = await call(client, name, sampleOf(name).input?.(people))
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

describe('a mutation that requires a signed-in caller and no permission', () => {
  it.each(forSignedIn)('rejects a caller who is not signed in: %s', async name => {
    await expectUnauthenticated(name)
  })

  it.each(forSignedIn)('allows a member to call %s', async name => {
    const caller = await memberWith([])
    const people = await peopleFor(caller)
    const client = await server.signedIn(caller)
    const answer = await call(client, name, sampleOf(name).input?.(people))
    expect(answer.errors).toBeUndefined()
  })
})

describe('a public mutation', () => {
  it.each(forAnyone)('allows a caller who is not signed in to call %s', async name => {
    const people = await peopleFor(await memberWith([]))
    const answer = await call(server.client(), name, sampleOf(name).input?.(people))
    expect(answer.errors).toBeUndefined()
  })
})

describe('a session that ends while a request is running', () => {
  const names = [...withPermission, ...withPermissionForOthers, ...forSignedIn].map(
    ([name]) => name,
  )

  it.each(names)('no longer executes %s', async name => {
    const caller = await server.addUser({ role: 'OWNER', phone: '+44 20 7946 0018' })
    const people = await peopleFor(caller)
    const client = await server.signedIn(caller)
    const stateButSession = async () =>
      (await state()).map((rows: object[]) =>
        rows.filter(row => !(row instanceof SessionEntity && row.userId === caller.id)),
      )
    const before = await stateButSession()
    const ended = 'ended: logOut { errors { __typename } }'
    const answer = await call(client, name, sampleOf(name).input?.(people), {
      before: ended,
    })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect(await stateButSession()).toEqual(before)
  })

  it('records no rejection of its user', async () => {
    const caller = await memberWith([])
    const client = await server.signedIn(caller)
    const ended = 'ended: logOut { errors { __typename } }'
    const answer = await call(client, 'blockUsers', { userIds: ['x'] }, { before: ended })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect(await refusalsBy(caller.id)).toEqual([])
  })
})
