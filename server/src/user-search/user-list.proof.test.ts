import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Role, UserStatus } from '@rekey/shared/access'
import { foldText } from '@rekey/shared/search-text'
import fc from 'fast-check'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import type { Database } from '../database/database.js'
import { insertMany } from '../database/insert-many.js'
import { openDatabase } from '../database/open-database.js'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { repetitions } from '../testing/repetitions.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import type { UserEntity } from '../users/user.entity.js'
import { insertUsers, updateUser } from '../users/user.store.js'
import { derivedColumnsOf } from '../users/user-keys.js'
import * as store from './user-search.store.js'

// More users than are gathered and sorted, so that the test covers every way of reading a page.
const size = 24_000
const syllables = ['an', 'be', 'zo', 'lá', 'ña', '明', 'x_', '%q', 'Ö', 'mi', '한', "o'"]
const roles: Role[] = ['OWNER', 'ADMIN', 'MEMBER']
const statuses: UserStatus[] = ['INVITED', 'ACTIVE', 'BLOCKED']

const wordOf = (number: number) =>
  [number, number * 7, number * 31]
    .map(part => syllables[Math.floor(part / 3) % syllables.length])
    .join('')

const phoneOf = (number: number): string | null =>
  number % 3 === 0 ? null : `+48${600_000_000 + ((number * 7_919) % 10_000_000)}`

// Few passwords are old, and few users of the second half have a second factor.
const ageOf = (number: number): number => ((number * 37) % 997) * 60_000 * 60
const hasSecondFactor = (number: number): boolean =>
  number < size / 2 ? number % 100 !== 3 : number % 100 === 3

const userOf = (number: number): UserEntity => {
  const user = {
    login: `${number}.user@list.example`,
    firstName: wordOf(number),
    lastName: wordOf(number * 13 + 1),
    phone: phoneOf(number),
  }
  return {
    ...user,
    ...derivedColumnsOf(user),
    id: `id-${String((number * 7_919) % size).padStart(6, '0')}`,
    language: 'en',
    role: number % 1_000 === 0 ? 'OWNER' : number % 9 === 0 ? 'ADMIN' : 'MEMBER',
    status: number % 7 === 0 ? 'INVITED' : number % 400 === 1 ? 'BLOCKED' : 'ACTIVE',
    grantedPermissions: [],
    withdrawnPermissions: [],
    passwordHash: number % 4 === 0 ? null : 'hash',
    passwordChangedAt: number % 11 === 0 ? null : new Date(Date.now() - ageOf(number)),
    passwordExpiresAt: null,
    passwordTemporary: false,
    passwordRemindedAt: null,
    loginVerifiedAt: null,
    loginChangedAt: null,
    formerLogin: null,
    mustChangePassword: number % 8 < (number < size / 2 ? 7 : 1),
    lastSignInAt: number % 5 === 0 ? null : new Date(1_700_000_000_000 + ((number * 37) % 5_000)),
    notificationsSeenAt: null,
    externalId: null,
    metadata: null,
    version: 1,
    createdAt: new Date(1_700_000_000_000),
    updatedAt: new Date(1_700_000_000_000),
  }
}

const factorOf = ({ id }: UserEntity): SecondFactorEntity => ({
  id: `factor-of-${id}`,
  userId: id,
  method: 'TOTP',
  name: 'Phone',
  secret: null,
  lastUsedStep: null,
  phone: null,
  credentialId: null,
  publicKey: null,
  signCount: null,
  transports: null,
  aaguid: null,
  createdAt: new Date(1_700_000_000_000),
  lastUsedAt: null,
})

const users = Array.from({ length: size }, (_, number) => userOf(number))
const idsWithFactor = new Set(users.filter((_, n) => hasSecondFactor(n)).map(user => user.id))

let dir: string
let database: Database
let throwAway: ThrowAwayDatabase | null
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-users-'))
  throwAway = await throwAwayDatabase()
  const config = readConfig({ DATABASE_URL: throwAway?.url ?? '', DATA_DIR: dir }, dir)
  database = await openDatabase(config.database, entities)
  await database.write(async unit => {
    await insertUsers(unit, users)
    const factors = users.filter((_, number) => hasSecondFactor(number)).map(factorOf)
    await insertMany(unit.rows(SecondFactorEntity), factors)
  })
  await database.analyze()
})
afterAll(async () => {
  await database.close()
  await throwAway?.drop()
  await rm(dir, { recursive: true, force: true })
})

/** The same list, made with a plain filter and sort. */
const expectedIds = (
  {
    search = '',
    roles: ofRoles = [],
    statuses: ofStatuses = [],
    mustChangePassword,
    hasSecondFactor: withFactor,
    passwordOlderThanDays: days,
  }: store.UserSelection,
  field: store.UserOrderField,
  descending: boolean,
): string[] => {
  const terms = foldText(search).split(/\s+/)
  const digits = /^[0-9 +()./-]+$/.test(search)
    ? search.replace(/[^0-9]/g, '').replace(/^0+/, '')
    : ''
  const isNumber = digits.length >= 3
  const isByWords =
    !isNumber || terms.length === 1 || (digits.length < 7 && terms.some(term => term.length >= 3))
  const found = users.filter(
    user =>
      ((isByWords && terms.every(term => user.searchText.includes(term))) ||
        (isNumber && user.searchText.includes(digits))) &&
      (ofRoles.length === 0 || ofRoles.includes(user.role)) &&
      (ofStatuses.length === 0 || ofStatuses.includes(user.status)) &&
      [undefined, user.mustChangePassword].includes(mustChangePassword) &&
      [undefined, idsWithFactor.has(user.id)].includes(withFactor) &&
      (days === undefined ||
        (user.passwordHash !== null &&
          user.passwordChangedAt !== null &&
          user.passwordChangedAt.getTime() <= Date.now() - days * 24 * 60 * 60_000)),
  )
  const compare = (one: string | number, other: string | number) =>
    typeof one === 'string'
      ? Buffer.compare(Buffer.from(one), Buffer.from(String(other)))
      : one - Number(other)
  found.sort((one, other) => {
    const [left, right] = [store.placeOf(one, field), store.placeOf(other, field)]
    const index = left.findIndex((value, at) => value !== right[at])
    return index < 0 ? 0 : compare(left[index] ?? 0, right[index] ?? 0)
  })
  if (descending) found.reverse()
  return found.map(user => user.id)
}

const some = <Value>(values: readonly Value[]) => fc.subarray([...values], { maxLength: 2 })

const searches = fc.oneof(
  fc.constant(''),
  fc.constantFrom(
    'an',
    '明',
    '%',
    '_',
    'user',
    'list.example',
    '1.user',
    '23999',
    'qa',
    'zq',
    '한',
    'ö',
    'o',
    'be x_',
    '9@ an',
    '0 9',
    'zzzz',
    "o'",
  ),
  fc.nat(size - 1).map(number => wordOf(number)),
  fc.nat(size - 1).map(number => `${wordOf(number).slice(0, 3)} ${number}`),
  // Long searches, for which PostgreSQL queries only a part.
  fc.nat(size - 1).map(number => `${number}.user@list`),
  fc.nat(size - 1).map(number => `user@list ${number}.user ${wordOf(number)}`),
  // Whole and partial phone numbers, grouped as people write them.
  fc
    .tuple(
      fc.nat(size - 1).map(number => phoneOf(number) ?? '+48 601 234 567'),
      fc.constantFrom('$1', '$1 $2 $3 $4', '$2 $3', '$1-$2/$3.$4', '($1) $2$3', '0$2 $3', '$2$3$4'),
    )
    .map(([phone, form]) => phone.replace(/(\+48)(\d{3})(\d{3})(\d{3})/, form)),
  fc.nat(9_999_999).map(number => `06 00 ${String(number).padStart(4, '0').slice(0, 2)} 1`),
)

describe('a list of many users', () => {
  it('equals a plain filter and sort, wherever a page begins', async () => {
    await fc.assert(
      fc.asyncProperty(
        searches,
        some(roles),
        some(statuses),
        fc.record(
          {
            mustChangePassword: fc.boolean(),
            hasSecondFactor: fc.boolean(),
            passwordOlderThanDays: fc.constantFrom(1, 20, 41, 100),
          },
          { requiredKeys: [] },
        ),
        fc.constantFrom<store.UserOrderField>(
          'LOGIN',
          'NAME',
          'PHONE',
          'ROLE',
          'STATUS',
          'LAST_SIGN_IN',
        ),
        fc.boolean(),
        fc.nat(size),
        async (search, ofRoles, ofStatuses, others, field, descending, from) => {
          const selection = { search, roles: ofRoles, statuses: ofStatuses, ...others }
          const expected = expectedIds(selection, field, descending)
          const start = expected.length === 0 ? 0 : from % expected.length
          const before = users.find(user => user.id === expected[start - 1])
          const place = before === undefined ? undefined : store.placeOf(before, field)
          const page = await database.read(unit =>
            store.listUsers(unit, selection, field, {
              descending,
              limit: 20,
              ...(descending ? { below: place } : { above: place }),
            }),
          )
          expect(page.rows.map(user => user.id)).toEqual(expected.slice(start, start + 20))
          const { count, exact } = await database.read(unit => store.countUsers(unit, selection))
          expect(page.total ?? { count, exact }).toEqual({ count, exact })
          expect(page.behind ?? start > 0).toBe(start > 0)
          expect(count).toBe(exact ? expected.length : 10_000)
          const ids = await database.read(async unit =>
            unit.query<{ id: string }>(await store.selectIds(unit, selection)),
          )
          expect(ids.map(({ id }) => id).toSorted()).toEqual(expected.toSorted())
          const isCounted = search === '' && Object.keys(others).length === 0
          expect(exact).toBe(isCounted || expected.length <= 10_000)
        },
      ),
      { numRuns: repetitions(15, 150) },
    )
  }, 600_000)

  it('changes when a profile is edited', async () => {
    const [user] = users
    if (user === undefined) throw new Error('There is nobody.')
    const renamed = derivedColumnsOf({ ...user, firstName: 'Wilhelmina' })
    const idsOf = async (search: string, ofRoles: Role[] = []) => {
      const selection = { search, roles: ofRoles }
      const stretch = { descending: false, limit: 5 }
      const found = await database.read(unit => store.listUsers(unit, selection, 'NAME', stretch))
      return found.rows.map(({ id }) => id)
    }
    const countOf = async (role: Role) =>
      (await database.read(unit => store.countUsers(unit, { roles: [role] }))).count
    const [members, admins] = [await countOf('MEMBER'), await countOf('ADMIN')]
    expect(await idsOf('wilhelmina')).toEqual([])
    await database.write(unit => updateUser(unit, user.id, { ...renamed, role: 'ADMIN' }))
    expect(await idsOf('wilhelmina')).toEqual([user.id])
    expect(await countOf('ADMIN')).toBe(admins + 1)
    await database.write(unit =>
      updateUser(unit, user.id, { ...derivedColumnsOf(user), role: user.role }),
    )
    expect(await idsOf('wilhelmina')).toEqual([])
    expect([await countOf('MEMBER'), await countOf('ADMIN')]).toEqual([members, admins])
  })
})
