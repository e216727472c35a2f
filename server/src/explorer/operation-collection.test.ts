import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import { createSchemaToRead } from '../app/schema.js'
import { apiTokenOf, dayMs, fromNow } from '../testing/api-token-client.js'
import { Mailbox } from '../testing/mailbox.js'
import {
  answer as answerChallenge,
  beginLogIn,
  enrolPasskey,
  enrolTotp,
  mutate,
} from '../testing/second-factor-client.js'
import { SmsInbox } from '../testing/sms-inbox.js'
import { SoftwareAuthenticator } from '../testing/software-authenticator.js'
import { collectionFile, type TestClient, TestServer } from '../testing/test-server.js'
import { totpCode, untilStepLasts } from '../testing/totp-code.js'
import { WebhookReceiver } from '../testing/webhook-receiver.js'
import type { Caller } from '../users/caller.js'
import { type ExampleOperation, readCollection } from './operation-collection.js'

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

describe('the example operations cover', () => {
  it('each query and mutation that is not deprecated', () => {
    const schema = createSchemaToRead()
    const types = new TypeInfo(schema)
    const used = new Set<string>()
    visit(
      parse(text),
      visitWithTypeInfo(types, {
        Field: node => void used.add(`${types.getParentType()?.name}.${node.name.value}`),
      }),
    )
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap(type =>
      Object.values(type?.getFields() ?? {})
        .filter(({ deprecationReason }) => deprecationReason === undefined)
        .map(({ name }) => `${type?.name}.${name}`),
    )
    expect(fields.length).toBeGreaterThan(100)
    const missing = fields.filter(name => !used.has(name))
    expect({ missingInOperationsGraphql: missing }).toEqual({ missingInOperationsGraphql: [] })
  })

  it('the chapters of docs/api.md, in the order of that document', () => {
    const document = readFileSync(join(collectionFile, '..', 'api.md'), 'utf8')
    const chapters = [...document.matchAll(/^## (.+)$/gm)].map(([, title]) => title)
    const groups = [...new Set(collection.map(({ group }) => group))]
    expect(groups).toEqual(chapters.filter(title => groups.includes(title ?? '')))
  })
})

describe('the example operations, run as written by an owner', () => {
  /** How one example is sent, and what it returns. */
  interface Example {
    /** Prepares the example, and returns the values of its placeholders. */
    readonly given?: () => Promise<Record<string, unknown>>
    /** The client that sends it; the owner's by default. */
    readonly as?: () => TestClient
    /** A part of the answer. */
    readonly returns: Record<string, unknown>
    /** Reads the values of later placeholders from the answer. */
    // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape.
    readonly keep?: (data: any) => Record<string, unknown> | Promise<Record<string, unknown>>
  }

  let server: TestServer
  let client: TestClient
  let other: TestClient
  let someone: Caller
  let mailbox: Mailbox
  let inbox: SmsInbox
  let receiver: WebhookReceiver
  let authenticator: SoftwareAuthenticator
  let totpSecret: string
  const login = 'olivia@demo.example'
  const newPassword = 'Brisk-Meadow-41'
  const phone = '+12025550111'
  beforeAll(async () => {
    const sms = await SmsInbox.start()
    const smtp = await Mailbox.start()
    inbox = sms.inbox
    mailbox = smtp.mailbox
    receiver = await WebhookReceiver.start()
    server = await TestServer.start({
      SMS_GATEWAY_URL: `http://127.0.0.1:${sms.port}/messages`,
      SMTP_URL: smtp.url,
      WEBHOOKS_ALLOW_PRIVATE: 'true',
    })
    await server.setSecurity({
      secondFactorMethods: ['TOTP', 'PASSKEY', 'SMS'],
      trustedDevices: 'MONTH',
    })
    client = server.client()
  })
  afterAll(async () => {
    await server.stop()
    await receiver.stop()
    await inbox.stop()
    await mailbox.stop()
  })

  /** A client that has never sent a request. */
  const visitor = () => server.client()

  /** The values of the placeholders so far. */
  const values = new Map<unknown, unknown>([
    ['a time at most a year from now, such as 2027-06-30T00:00:00Z', fromNow(dayMs).toISOString()],
  ])

  /** Sends an example with the values of its placeholders. */
  const run = async ({ name, document, variables }: ExampleOperation, example: Example) => {
    for (const [key, value] of Object.entries((await example.given?.()) ?? {})) {
      values.set(key, value)
    }
    const sent = JSON.parse(variables ?? '{}', (_key, value) => {
      if (values.has(value)) return values.get(value)
      if (/^(the|a) /.test(String(value))) throw new Error(`${name}: there is no value: ${value}`)
      return value
    })
    const answer = await (example.as?.() ?? client).query(document, sent)
    expect([name, answer.errors]).toEqual([name, undefined])
    expect([name, answer.data]).toEqual([name, expect.objectContaining({})])
    expect({ [name]: answer.data }).toMatchObject({ [name]: example.returns })
    for (const [key, value] of Object.entries((await example.keep?.(answer.data)) ?? {})) {
      values.set(key, value)
    }
  }

  const addUsers = async () => {
    someone = await server.addUser({ login: 'maya@demo.example', loginVerifiedAt: new Date() })
    for (let index = 0; index < 10; index += 1) {
      await server.addUser({ login: `other${index}@demo.example` })
    }
    return { 'the id of a user, from Users': someone.id }
  }

  /** A new link for the invited user, of whom the examples are. */
  const invitationToken = async () => {
    const { url } = await mutate(client, 'createInvitationLink', 'url', {
      userId: values.get('the id of an invited user, from Users'),
    })
    return url.split('#token=')[1]
  }

  const results = (result: Record<string, unknown>) => ({ results: [{ ...result, errors: [] }] })

  // In the order of the file, because later operations depend on earlier ones.
  const examples: Record<string, Example> = {
    WhoAmI: { returns: { viewer: null } },
    SignInPage: {
      returns: { setupRequired: true, passwordResetByMail: true, viewerAddress: '127.0.0.1' },
    },
    SetUpOwner: {
      given: async () => ({
        'the token of the setup link': await server.services.setup.issueLink(),
      }),
      as: visitor,
      returns: { setUpOwner: { user: { role: 'OWNER' }, errors: [] } },
    },
    LogIn: {
      given: addUsers,
      returns: { logIn: { user: { name: 'Olivia Bennett' }, challenge: null, errors: [] } },
    },
    AnswerChallenge: {
      given: async () => {
        const user = await server.addUser()
        const { secret } = await enrolTotp(await server.signedIn(user))
        await untilStepLasts()
        return {
          'the token of a challenge, from LogIn': (await beginLogIn(visitor(), user.login))
            .challenge.token,
          'the code that the authenticator app shows': totpCode(secret),
        }
      },
      as: visitor,
      returns: { answerChallenge: { user: { mustChangePassword: false }, errors: [] } },
    },
    SendChallengeCode: {
      given: async () => {
        const user = await server.addUser()
        const theirs = await server.signedIn(user)
        const number = '+12025550122'
        const { token } = await mutate(theirs, 'beginSmsEnrolment', 'token', { phone: number })
        const input = { token, code: inbox.codeTo(number), name: 'SMS' }
        await mutate(theirs, 'confirmSmsEnrolment', 'factor { id }', input)
        const { challenge } = await beginLogIn(visitor(), user.login)
        return { 'the token of a challenge with SMS, from LogIn': challenge.token }
      },
      as: visitor,
      returns: { sendChallengeCode: { errors: [] } },
    },
    BeginPasskeySignIn: {
      given: async () => {
        authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
        await enrolPasskey(await server.signedIn(await server.addUser()), authenticator)
        return {}
      },
      as: visitor,
      returns: { beginPasskeySignIn: { token: expect.any(String), errors: [] } },
      keep: ({ beginPasskeySignIn: { token, options } }) => ({
        'the token from BeginPasskeySignIn': token,
        'the answer of navigator.credentials.get as JSON': authenticator.get(options),
      }),
    },
    LogInWithPasskey: {
      as: visitor,
      returns: { logInWithPasskey: { user: { mustChangePassword: false }, errors: [] } },
    },
    BeginReauthentication: { returns: { beginReauthentication: { challenge: null, errors: [] } } },
    Reauthenticate: { returns: { reauthenticate: { errors: [] } } },
    LogOut: {
      given: async () => {
        other = visitor()
        await other.logIn(login)
        return {}
      },
      as: () => other,
      returns: { logOut: { errors: [] } },
    },
    ApiTokens: { returns: { apiTokens: { totalCount: 0, nodes: [] } } },
    AllApiTokens: { returns: { allApiTokens: { nodes: expect.any(Array) } } },
    CreateApiToken: {
      returns: { createApiToken: { token: expect.stringMatching(/^rk_live_/), errors: [] } },
      keep: data => ({ 'the id of a token, from ApiTokens': data.createApiToken.apiToken.id }),
    },
    RevokeApiToken: {
      returns: { revokeApiToken: { revokedApiTokenId: expect.any(String), errors: [] } },
    },
    Users: { returns: { users: { pageInfo: { hasNextPage: true }, nodes: expect.any(Array) } } },
    User: { returns: { user: { login: 'maya@demo.example' } } },
    UserByLogin: { returns: { userByLogin: { login: 'maya@demo.example' } } },
    Nodes: { returns: { nodes: [{ __typename: 'User' }] } },
    Node: { returns: { node: { __typename: 'User' } } },
    UpdateUser: { returns: { updateUser: { user: { phone: '+12025550199' }, errors: [] } } },
    ChangeAccess: {
      returns: {
        changeAccess: { user: { permissions: ['users.read', 'api.explore'] }, errors: [] },
      },
    },
    ChangeRoles: { returns: { changeRoles: results({ user: { role: 'MEMBER' } }) } },
    BlockUsers: { returns: { blockUsers: results({ user: { status: 'BLOCKED' } }) } },
    UnblockUsers: { returns: { unblockUsers: results({ user: { status: 'ACTIVE' } }) } },
    DeleteUser: {
      given: async () => {
        const user = await server.addUser()
        return {
          'the id of another user, from Users': user.id,
          'the login of this user': user.login,
        }
      },
      returns: { deleteUser: { deletedUserId: expect.any(String), errors: [] } },
    },
    SharedMailboxes: { returns: { sharedMailboxes: [] } },
    InviteUser: {
      returns: {
        inviteUser: { user: { status: 'INVITED', invitation: { status: 'VALID' } }, errors: [] },
      },
      keep: data => ({ 'the id of an invited user, from Users': data.inviteUser.user.id }),
    },
    InviteUsers: {
      returns: {
        inviteUsers: { results: [{ errors: [] }, { errors: [{ path: expect.any(Array) }] }] },
      },
    },
    ResendInvitation: {
      returns: { resendInvitation: { user: { invitation: { status: 'VALID' } }, errors: [] } },
    },
    CreateInvitationLink: {
      returns: { createInvitationLink: { url: expect.stringContaining('#'), errors: [] } },
    },
    RevokeInvitation: {
      returns: { revokeInvitation: { user: { invitation: { status: 'REVOKED' } }, errors: [] } },
    },
    OneTimeLink: {
      given: async () => ({
        'the token of a link that was sent by mail': await invitationToken(),
      }),
      as: visitor,
      returns: { oneTimeLink: { purpose: 'INVITATION', status: 'VALID' } },
    },
    ActivateUser: {
      given: async () => ({ 'the token of an invitation link': await invitationToken() }),
      as: visitor,
      returns: { activateUser: { user: { status: 'ACTIVE' }, errors: [] } },
    },
    ImportUsers: {
      returns: {
        importUsers: { results: [{ errors: [] }, { errors: [{ hashReason: 'UNKNOWN_FORMAT' }] }] },
      },
    },
    SignInOfUser: {
      given: async () => {
        await server.signedIn(someone)
        await apiTokenOf(server, someone)
        return {}
      },
      returns: {
        user: { hasPassword: true, sessions: { nodes: [{}] }, apiTokens: { nodes: [{}] } },
      },
      keep: ({ user }) => ({
        'the id of a session of this user, from SignInOfUser': user.sessions.nodes[0].id,
        'the id of a token of this user, from SignInOfUser': user.apiTokens.nodes[0].id,
      }),
    },
    EndUserSession: {
      returns: { endUserSession: { sessionId: expect.any(String), errors: [] } },
    },
    SignOutUsers: { returns: { signOutUsers: results({}) } },
    RevokeUserApiToken: {
      returns: { revokeUserApiToken: { revokedApiTokenId: expect.any(String), errors: [] } },
    },
    RevokeUserTrustedDevices: { returns: { revokeUserTrustedDevices: { count: 0, errors: [] } } },
    ResetSecondFactor: {
      returns: { resetSecondFactor: { user: { secondFactors: [] }, errors: [] } },
    },
    RequirePasswordChange: { returns: { requirePasswordChange: results({}) } },
    WithdrawPasswordChangeRequirement: {
      returns: { withdrawPasswordChangeRequirement: results({}) },
    },
    SendPasswordResetLinks: { returns: { sendPasswordResetLinks: results({}) } },
    CreatePasswordResetLink: {
      returns: { createPasswordResetLink: { url: expect.stringContaining('#'), errors: [] } },
    },
    SecureUser: {
      returns: { secureUser: { user: { hasPassword: false }, resetLinkSent: true, errors: [] } },
    },
    PasswordPolicy: {
      returns: {
        passwordPolicy: {
          rules: expect.arrayContaining([expect.objectContaining({ rule: 'MIN_LENGTH', min: 12 })]),
        },
      },
    },
    ChangePassword: { returns: { changePassword: { user: { login }, errors: [] } } },
    ChangePasswordOfUser: {
      returns: {
        changePassword: { user: { mustChangePassword: true }, activated: false, errors: [] },
      },
    },
    RequestPasswordReset: { as: visitor, returns: { requestPasswordReset: { errors: [] } } },
    ResetPassword: {
      given: async () => {
        const input = { userId: someone.id }
        const { url } = await mutate(client, 'createPasswordResetLink', 'url', input)
        return { 'the token of a reset link': url.split('#token=')[1] }
      },
      as: visitor,
      returns: {
        resetPassword: {
          user: { login: 'maya@demo.example', mustChangePassword: false },
          errors: [],
        },
      },
    },
    StartBulkJob: {
      returns: { startBulkJob: { job: { total: 1 }, errors: [] } },
      keep: data => ({ 'the id of a job, from StartBulkJob': data.startBulkJob.job.id }),
    },
    BulkJob: { returns: { bulkJob: { total: 1, refused: 0 } } },
    BulkJobs: { returns: { bulkJobs: { totalCount: 1, nodes: [{ action: 'BLOCK' }] } } },
    CancelBulkJob: { returns: { cancelBulkJob: { errors: [] } } },
    Sessions: { returns: { sessions: { nodes: [{ current: true }] } } },
    EndSession: {
      given: async () => {
        await visitor().logIn(login, newPassword)
        const { data } = await client.query('{ sessions { nodes { id current } } }')
        const { id } = data.sessions.nodes.find((one: { current: boolean }) => !one.current)
        return { 'the id of another session, from Sessions': id }
      },
      returns: { endSession: { sessionId: expect.any(String), errors: [] } },
    },
    EndOtherSessions: { returns: { endOtherSessions: { count: 0, errors: [] } } },
    BeginTotpEnrolment: {
      returns: { beginTotpEnrolment: { secret: expect.any(String), errors: [] } },
      keep: async ({ beginTotpEnrolment: { secret, token } }) => {
        totpSecret = secret
        await untilStepLasts()
        return {
          'the token from BeginTotpEnrolment': token,
          // The code of the previous step: that of the current step remains for signing in.
          'the code that the app shows': totpCode(secret, -1),
        }
      },
    },
    ConfirmTotpEnrolment: {
      returns: {
        confirmTotpEnrolment: { factor: { name: 'Phone' }, recoveryCodes: expect.any(Array) },
      },
    },
    BeginSmsEnrolment: {
      returns: { beginSmsEnrolment: { phoneHint: expect.any(String), errors: [] } },
      keep: data => ({
        'the token from BeginSmsEnrolment': data.beginSmsEnrolment.token,
        'the code in the SMS': inbox.codeTo(phone),
      }),
    },
    ConfirmSmsEnrolment: {
      returns: { confirmSmsEnrolment: { factor: { method: 'SMS' }, errors: [] } },
      keep: data => ({
        'the id of a second factor, from SecondFactors': data.confirmSmsEnrolment.factor.id,
      }),
    },
    BeginPasskeyEnrolment: {
      returns: { beginPasskeyEnrolment: { errors: [] } },
      keep: ({ beginPasskeyEnrolment: { token, options } }) => ({
        'the token from BeginPasskeyEnrolment': token,
        'the answer of navigator.credentials.create as JSON': new SoftwareAuthenticator(
          server.config.publicUrl.origin,
        ).create(options),
      }),
    },
    ConfirmPasskeyEnrolment: {
      returns: { confirmPasskeyEnrolment: { factor: { method: 'PASSKEY' }, errors: [] } },
    },
    SecondFactors: {
      returns: { viewer: { secondFactors: [{}, {}, {}], recoveryCodesLeft: 10 } },
    },
    RenameSecondFactor: {
      returns: { renameSecondFactor: { factor: { name: 'Work phone' }, errors: [] } },
    },
    RegenerateRecoveryCodes: {
      returns: { regenerateRecoveryCodes: { codes: expect.any(Array), errors: [] } },
    },
    RemoveSecondFactor: {
      returns: { removeSecondFactor: { user: { secondFactors: [{}, {}] }, errors: [] } },
    },
    TrustedDevices: {
      given: async () => {
        const browser = visitor()
        const { challenge } = await beginLogIn(browser, login, newPassword)
        await untilStepLasts()
        const code = totpCode(totpSecret)
        const input = { token: challenge.token, method: 'TOTP', code, trustDevice: true }
        await answerChallenge(browser, input)
        return {}
      },
      returns: { trustedDevices: { totalCount: 1, nodes: [{ current: false }] } },
      keep: data => ({
        'the id of a device, from TrustedDevices': data.trustedDevices.nodes[0].id,
      }),
    },
    RevokeTrustedDevice: {
      returns: { revokeTrustedDevice: { revokedId: expect.any(String), errors: [] } },
    },
    RevokeAllTrustedDevices: { returns: { revokeAllTrustedDevices: { count: 0, errors: [] } } },
    Notifications: {
      returns: {
        unseenNotificationCount: expect.any(Number),
        notifications: { pageInfo: { hasNextPage: false } },
      },
    },
    MarkNotificationsSeen: {
      returns: { markNotificationsSeen: { unseenNotificationCount: expect.any(Number) } },
    },
    RequestOwnDeletion: {
      given: async () => {
        await mutate(client, 'updateOwnDeletion', 'settings { allowed }', { allowed: true })
        other = await server.signedIn(await server.addUser())
        return {}
      },
      as: () => other,
      returns: { requestOwnDeletion: { user: { deletionAt: expect.any(String) }, errors: [] } },
    },
    CancelOwnDeletion: {
      as: () => other,
      returns: { cancelOwnDeletion: { user: { deletionAt: null }, errors: [] } },
    },
    Operations: {
      given: async () => {
        await visitor().logIn(login, 'not the password')
        return {}
      },
      returns: { operations: { totalCount: 1 } },
    },
    Home: {
      returns: {
        home: { setup: expect.arrayContaining([{ step: 'BACKUP', done: false, skipped: false }]) },
      },
    },
    UpdateSetupChecklist: {
      returns: {
        updateSetupChecklist: {
          setup: expect.arrayContaining([{ step: 'BACKUP', done: false, skipped: true }]),
          errors: [],
        },
      },
    },
    WebhookEventTypes: {
      returns: { webhookEventTypes: expect.arrayContaining([expect.any(Object)]) },
    },
    Webhooks: { returns: { webhooks: { totalCount: 0 } } },
    CreateWebhook: {
      // Nothing must leave the machine.
      given: async () => ({ 'https://hooks.example.com/rekey': receiver.url }),
      returns: { createWebhook: { secret: expect.stringMatching(/^whsec_/), errors: [] } },
      keep: data => ({ 'the id of a webhook, from Webhooks': data.createWebhook.webhook.id }),
    },
    Webhook: { returns: { webhook: { enabled: true, deliveries: { nodes: [] } } } },
    TestWebhook: {
      returns: { testWebhook: { delivery: { id: expect.any(String) }, errors: [] } },
      keep: async data => {
        await server.services.webhookOutbox.idle()
        return { 'the id of a delivery, from TestWebhook': data.testWebhook.delivery.id }
      },
    },
    WebhookDelivery: {
      returns: { webhookDelivery: { status: 'DELIVERED', attempts: [{ status: 204 }] } },
    },
    ReplayWebhookDelivery: {
      returns: { replayWebhookDelivery: { delivery: { id: expect.any(String) }, errors: [] } },
    },
    RotateWebhookSecret: {
      returns: { rotateWebhookSecret: { secret: expect.stringMatching(/^whsec_/), errors: [] } },
    },
    UpdateWebhook: { returns: { updateWebhook: { webhook: { enabled: false }, errors: [] } } },
    DeleteWebhook: {
      returns: { deleteWebhook: { deletedWebhookId: expect.any(String), errors: [] } },
    },
    Settings: {
      returns: {
        accountSettings: { defaultLanguage: 'en' },
        mailSettings: { configured: true },
        passwordPolicySettings: { locked: false },
      },
    },
    UpdateAccountSettings: {
      returns: { updateAccountSettings: { settings: { defaultRegion: 'GB' }, errors: [] } },
    },
    UpdateAccountLook: {
      returns: { updateAccountLook: { look: { name: 'Harbour Trading' }, errors: [] } },
    },
    UpdateSecuritySettings: {
      returns: { updateSecuritySettings: { settings: { trustedDevices: 'WEEK' }, errors: [] } },
    },
    AllowedAddresses: { returns: { allowedAddresses: { totalCount: 0 } } },
    AddAllowedAddress: {
      returns: { addAllowedAddress: { allowedAddress: { range: '203.0.113.0/24' }, errors: [] } },
      keep: data => ({
        'the id of a range, from AllowedAddresses': data.addAllowedAddress.allowedAddress.id,
      }),
    },
    RemoveAllowedAddress: {
      returns: {
        removeAllowedAddress: { removedAllowedAddressId: expect.any(String), errors: [] },
      },
    },
    UpdatePasswordPolicy: {
      returns: {
        updatePasswordPolicy: {
          settings: {
            rules: expect.arrayContaining([
              expect.objectContaining({ rule: 'MIN_LENGTH', bound: 14 }),
            ]),
          },
          errors: [],
        },
      },
    },
    UpdatePasswordAge: {
      returns: { updatePasswordAge: { settings: { requireChangeAfterDays: 365 }, errors: [] } },
    },
    UpdateOwnDeletion: {
      returns: { updateOwnDeletion: { settings: { allowed: true }, errors: [] } },
    },
    UpdateOperationRetention: {
      returns: { updateOperationRetention: { retention: { keepDays: 730 }, errors: [] } },
    },
    Outbox: {
      given: async () => {
        mailbox.treatments.set('lost@demo.example', { rcpt: '550 No such user' })
        const input = { login: 'lost@demo.example', firstName: 'Lou' }
        await mutate(client, 'inviteUser', 'errors { __typename }', input)
        await server.services.mail.idle()
        return {}
      },
      returns: {
        mailDelivery: { configured: true },
        outboxMails: { nodes: [{ state: 'FAILED' }] },
      },
      keep: data => ({ 'the id of a mail, from Outbox': data.outboxMails.nodes[0].id }),
    },
    RetryMail: {
      returns: { retryMail: { mail: { id: expect.any(String) }, errors: [] } },
      keep: async () => {
        await server.services.mail.idle()
        return {}
      },
    },
    DropMail: { returns: { dropMail: { mail: { state: 'DROPPED' }, errors: [] } } },
    SendTestMail: { returns: { sendTestMail: { delivered: true, errors: [] } } },
  }

  it('do what their comments say', async () => {
    // If this fails, add the new operation to `examples`, in the order of docs/operations.graphql.
    expect(Object.keys(examples)).toEqual(collection.map(one => one.name))
    for (const one of collection) await run(one, examples[one.name] as Example)
    expect(await other.whoAmI()).not.toBeNull()
  })
})

describe('a collection', () => {
  it('gives each operation its own comment and variables, and ignores other comments', () => {
    const [one, other] = readCollection(
      '# About the file.\n\n# ## Users\n\n# Asks\n# twice.\n# Variables:\n# {\n#   "id": "x"\n# }\nquery A($id: ID!) { user(id: $id) { id } }\n\n# B.\nquery B { viewer { id } }\n',
    )
    expect(one).toEqual({
      name: 'A',
      group: 'Users',
      description: 'Asks twice.',
      document: '# Asks\n# twice.\nquery A($id: ID!) { user(id: $id) { id } }',
      variables: '{\n  "id": "x"\n}',
    })
    expect(other).toEqual({
      name: 'B',
      group: 'Users',
      description: 'B.',
      document: '# B.\nquery B { viewer { id } }',
      variables: null,
    })
  })

  it.each([
    ['has no comment', '# Of the file.\n\nquery A { viewer { id } }', 'A has no comment'],
    ['has no name', '# Asks.\n{ viewer { id } }', 'only operations with names'],
    ['is in no group', '# Asks.\nquery A { viewer { id } }', 'A is in no group'],
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
