import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accountDefaults } from '../settings/account-defaults.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

let server: TestServer
let client: TestClient
let polish: UserEntity
let german: UserEntity
let untidy: UserEntity

const edit = async (user: UserEntity, phone: string): Promise<string> => {
  const { data } = await client.query(
    `mutation ($input: UpdateUserInput!) {
      updateUser(input: $input) { user { phone } errors { ... on UserError { message } } }
    }`,
    { input: { userId: user.id, phone } },
  )
  return data.updateUser.user.phone
}

const setRegion = (defaultRegion: string | null) =>
  server.database.write(unit =>
    server.services.settings.saveAccountDefaults(unit, { ...accountDefaults, defaultRegion }),
  )

beforeAll(async () => {
  server = await TestServer.start()
  client = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
  polish = await server.addUser({ login: 'pola@rekey.example' })
  german = await server.addUser({ login: 'gerd@rekey.example' })
  untidy = await server.addUser({ login: 'uta.601.234@rekey.example' })
  // Other users whose numbers have some of the same digits.
  await server.addUser({ login: 'near@rekey.example', phone: '+48234567601' })
  await server.addUser({ login: 'none@rekey.example', phone: null })
  expect(await edit(polish, '+48 601-234-567')).toBe('+48601234567')
  expect(await edit(german, '+49 (0)151 234 567 89')).toBe('+4915123456789')
  expect(await edit(untidy, '555 0120 ext. 7')).toBe('555 0120 ext. 7')
})
afterAll(() => server.stop())

const find = async (search: string): Promise<string[]> => {
  const { data } = await client.query(
    'query ($search: String) { users(search: $search) { totalCount nodes { login } } }',
    { search },
  )
  const { totalCount, nodes } = data.users
  expect(totalCount).toBe(nodes.length)
  return nodes.map(({ login }: { login: string }) => login.split('@')[0])
}

describe('a search for a phone number', () => {
  it.each([
    '601234567',
    '+48601234567',
    '48601234567',
    '0048 601 234 567',
    '0601234567',
    '0601-234-567',
    '(601) 23-45-67',
    '60 12 34 56 7',
    '601.234.567',
    '+48 601 234 567',
    '+48\u00A0601\u2011234\u2011567',
    '48601',
  ])('finds +48 601 234 567 by %j', async search => {
    expect(await find(search)).toEqual(['pola'])
  })

  it.each(['+49 (0)151 23456789', '0151 23456789', '0151/2345-6789', '151 234'])(
    'finds +49 151 23456789 by %j without a default region',
    async search => {
      expect(await find(search)).toEqual(['gerd'])
    },
  )

  it('reads the prefixes of the default region', async () => {
    expect(await find('011 48 601 234 567')).toEqual([])
    await setRegion('US')
    expect(await find('011 48 601 234 567')).toEqual(['pola'])
    await setRegion(null)
  })

  it('finds a number that cannot be parsed by its digits', async () => {
    for (const search of ['5550120', '555-0120', '555 0120']) {
      expect(await find(search)).toEqual(['uta.601.234'])
    }
  })

  it('finds the same characters in a login, too', async () => {
    expect(await find('601.234')).toEqual(['pola', 'uta.601.234'].sort())
  })

  it('combines a number in one word with a name', async () => {
    expect(await find('pola 601234567')).toEqual(['pola'])
    expect(await find('gerd 601234567')).toEqual([])
  })

  it('does not find a number by a separate group of fewer than three digits', async () => {
    expect(await find('99 99 99')).toEqual([])
  })

  it('no longer finds a number that was replaced', async () => {
    await edit(german, '+49 30 901820')
    expect(await find('15123456789')).toEqual([])
    expect(await find('030 901820')).toEqual(['gerd'])
  })
})

describe('the default region', () => {
  it('makes national numbers international when they are saved', async () => {
    expect(await edit(german, '0151 23456789')).toBe('0151 23456789')
    await setRegion('DE')
    // A number that was not edited is not read again.
    expect(await edit(german, ' 0151 23456789')).toBe('0151 23456789')
    expect(await edit(german, '0151 23456780')).toBe('+4915123456780')
    expect(await edit(german, '+49 151 23456780')).toBe('+4915123456780')
    expect(await edit(german, '+48 601 234 567')).toBe('+48601234567')
    await setRegion(null)
  })
})
