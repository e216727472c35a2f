import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { accountDefaults } from '../settings/account-defaults.js'
import { AccountSettingEntity } from '../settings/account-setting.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

let server: TestServer
let admin: UserEntity
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  admin = await server.addUser({ role: 'ADMIN' })
  client = await server.signedIn(admin)
})
afterAll(() => server.stop())
afterEach(() =>
  server.database.write(unit =>
    server.services.settings.saveAccountDefaults(unit, accountDefaults),
  ),
)

const update = async (input: Record<string, unknown>, by = client) => {
  const { data, errors } = await by.query(
    `mutation ($input: UpdateAccountSettingsInput!) {
      updateAccountSettings(input: $input) {
        settings { defaultLanguage defaultRegion }
        errors { __typename ... on UserError { message path } }
      }
    }`,
    { input },
  )
  return data?.updateAccountSettings ?? errors
}

const settingsOf = async (by: TestClient) => {
  const { data, errors } = await by.query('{ accountSettings { defaultLanguage defaultRegion } }')
  return data?.accountSettings ?? errors
}

const invite = async (input: Record<string, unknown>) => {
  const { data } = await client.query(
    `mutation ($input: InviteUserInput!) {
      inviteUser(input: $input) { user { language phone } errors { ... on UserError { message } } }
    }`,
    { input: { firstName: 'Nele', ...input } },
  )
  return data.inviteUser
}

describe('the account settings', () => {
  it('can be read by every signed-in user, and by nobody else', async () => {
    expect(await settingsOf(await server.signedIn(await server.addUser()))).toEqual(accountDefaults)
    expect(await settingsOf(server.client())).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
  })

  it('list the regions that can be chosen', async () => {
    const { data } = await client.query('{ accountSettings { regions } }')
    expect(data.accountSettings.regions).toEqual(expect.arrayContaining(['BR', 'DE', 'PL', 'XK']))
    for (const region of ['BR', 'XK']) {
      expect(await update({ defaultRegion: region })).toMatchObject({ errors: [] })
    }
  })

  it('change in the given fields, in their canonical form', async () => {
    expect(await update({ defaultLanguage: 'pt_br' })).toEqual({
      settings: { defaultLanguage: 'pt-BR', defaultRegion: null },
      errors: [],
    })
    expect(await update({ defaultRegion: ' pl ' })).toEqual({
      settings: { defaultLanguage: 'pt-BR', defaultRegion: 'PL' },
      errors: [],
    })
    expect(await settingsOf(client)).toEqual({ defaultLanguage: 'pt-BR', defaultRegion: 'PL' })
    expect(await update({ defaultRegion: '' })).toMatchObject({ settings: { defaultRegion: null } })
  })

  it('reject an unknown language or region, and change nothing', async () => {
    for (const region of ['XX', 'Poland', '48', '001', 'constructor']) {
      expect(await update({ defaultLanguage: 'English', defaultRegion: region })).toEqual({
        settings: null,
        errors: [
          {
            __typename: 'InvalidField',
            message: expect.stringContaining('such as en, de-AT or pt-BR'),
            path: ['defaultLanguage'],
          },
          {
            __typename: 'InvalidField',
            message: 'Region requires a code of two letters such as DE or PL.',
            path: ['defaultRegion'],
          },
        ],
      })
    }
    expect(await settingsOf(client)).toEqual(accountDefaults)
  })

  it('change only for a caller with settings.manage, and record who changed what', async () => {
    const member = await server.addUser()
    expect(await update({ defaultRegion: 'DE' }, await server.signedIn(member))).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
    await update({ defaultRegion: 'DE' })
    const recorded = await server.database.read(unit =>
      unit
        .rows(OperationEntity)
        .find({ where: { action: 'UPDATE_ACCOUNT_SETTINGS' }, order: { at: 'DESC' }, take: 2 }),
    )
    expect(recorded).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ actorId: member.id, outcome: 'REFUSED' }),
        expect.objectContaining({
          actorId: admin.id,
          outcome: 'DONE',
          changes: [{ name: 'defaultRegion', from: null, to: 'DE' }],
        }),
      ]),
    )
  })

  it('give a new user the default language, unless one is given', async () => {
    await update({ defaultLanguage: 'pl', defaultRegion: 'PL' })
    const invited = await invite({ login: 'a@rekey.example', phone: '601 234 567' })
    expect(invited).toEqual({ user: { language: 'pl', phone: '+48601234567' }, errors: [] })
    const german = await invite({ login: 'b@rekey.example', language: 'de_DE' })
    expect(german.user.language).toBe('de-DE')
    await update({ defaultRegion: null })
    const national = await invite({ login: 'c@rekey.example', phone: '601 234 567' })
    expect(national.user.phone).toBe('601 234 567')
  })

  it('are never replaced by the defaults if they cannot be read', async () => {
    await server.database.write(async unit => {
      await unit
        .rows(AccountSettingEntity)
        .upsert({ name: 'defaults', value: '{"defaultRegion":1}', updatedAt: new Date() }, ['name'])
    })
    await expect(
      server.database.read(unit => server.services.settings.accountDefaultsIn(unit)),
    ).rejects.toThrow()
  })
})
