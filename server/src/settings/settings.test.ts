import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { TestServer } from '../testing/test-server.js'
import { AccountSettingEntity } from './account-setting.entity.js'
import { defaultSecuritySettings } from './security-settings.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())
afterEach(() => {
  jest.restoreAllMocks()
})

const keep = (value: string) =>
  server.database.write(async unit => {
    await unit
      .rows(AccountSettingEntity)
      .upsert({ name: 'security', value, updatedAt: new Date() }, ['name'])
  })

const readInUnit = () => server.database.read(unit => server.services.settings.readIn(unit))

describe('the stored security settings', () => {
  it('the defaults complete the stored settings', async () => {
    expect(await readInUnit()).toEqual(defaultSecuritySettings)
    await keep('{"trustedDevices":"WEEK"}')
    expect(await readInUnit()).toEqual({ ...defaultSecuritySettings, trustedDevices: 'WEEK' })
  })

  it('a change takes effect at once where it was made, and within a second where the settings are cached', async () => {
    const { settings } = server.services
    const set = { ...defaultSecuritySettings, secondFactor: 'REQUIRED' } as const
    const begun = performance.now()
    const clock = jest.spyOn(performance, 'now').mockReturnValue(begun)
    await settings.read()
    await server.database.write(unit => settings.replace(unit, set))
    expect(await settings.read()).toEqual(set)

    await keep('{}')
    expect(await settings.read()).toEqual(set)
    clock.mockReturnValue(begun + 1_000)
    expect(await settings.read()).toEqual(defaultSecuritySettings)
  })

  it('the defaults never replace stored settings that cannot be read', async () => {
    for (const value of ['{"ipAuthorization":"yes"}', '{']) {
      await keep(value)
      await expect(readInUnit()).rejects.toThrow()
    }
    await keep('{}')
  })
})
