import type { Role, UserStatus } from '@rekey/shared/access'
import type { Services } from '../app/features.js'
import type { Database } from '../database/database.js'
import type { NewUser } from '../users/user.service.js'
import { loadFaker } from './faker.js'
import { planHistory, writeHistory } from './history.js'

/** The password of every made-up user. */
export const demoPassword = 'Quiet-Harbour-72'
const seed = 20_260_101
const size = 312
const dayMs = 24 * 60 * 60 * 1000
const yearMs = 365 * dayMs

const pick = <Value>(weights: readonly (readonly [Value, number])[], at: number): Value => {
  let passed = 0
  for (const [value, weight] of weights) {
    passed += weight
    if (at < passed) return value
  }
  throw new Error('The weights do not add up to 1.')
}

const areas = ['202', '212', '312', '415', '503', '617', '702', '808', '907', '919']

/** A valid number that belongs to no one: it is from a range reserved for fiction. */
const fictional = (number: string): string =>
  `+1${areas[Number(number.at(-3))] ?? areas[0]}55501${number.slice(-2)}`

const languages = ['en', 'de', 'fr', 'pl', 'es', 'it', 'pt-BR', 'nl', 'sv', 'cs'] as const

/** The users whose logins are printed, one of each kind. */
const named: readonly Pick<NewUser, 'login' | 'firstName' | 'lastName' | 'role' | 'status'>[] = [
  {
    login: 'olivia@demo.example',
    firstName: 'Olivia',
    lastName: 'Bennett',
    role: 'OWNER',
    status: 'ACTIVE',
  },
  {
    login: 'adam@demo.example',
    firstName: 'Adam',
    lastName: 'Nowak',
    role: 'ADMIN',
    status: 'ACTIVE',
  },
  {
    login: 'maya@demo.example',
    firstName: 'Maya',
    lastName: 'Lindqvist',
    role: 'MEMBER',
    status: 'ACTIVE',
  },
  {
    login: 'boris@demo.example',
    firstName: 'Boris',
    lastName: 'Keller',
    role: 'MEMBER',
    status: 'BLOCKED',
  },
]

/**
 * Fills an empty database with an example company. The seed is fixed, so the users are always the
 * same.
 *
 * @param now if given, the company has a history that ends at this time: operations, sessions,
 *   invitations and everything else that the pages list. Without it, only users are added, and all
 *   of their dates are the same on every day.
 * @returns lines that state the logins, or null if the database already has users.
 */
export const fillWithDemo = async (
  database: Database,
  services: Services,
  now: Date | null = null,
): Promise<string[] | null> => {
  if (!(await services.setup.required())) return null
  const { Faker, de, en, es, fr, pl, sv, base } = await loadFaker()
  const locales = [en, de, fr, pl, es, sv]
  const companies = locales.map(locale => new Faker({ locale: [locale, en, base], seed }))
  // All users share one hash: three hundred hashes would only delay the first start.
  const passwordHash = await services.hasher.hashPassword(demoPassword)
  const logins = new Set(named.map(user => user.login))
  const [chance] = companies
  if (chance === undefined) throw new Error('There is no locale.')
  const until = now ?? new Date('2026-01-15T09:00:00Z')
  const founded =
    now === null ? new Date('2024-03-01T08:00:00Z') : new Date(now.getTime() - 2 * yearMs)

  const users: NewUser[] = named.map((user, index) => ({
    ...user,
    phone: `+120255501${20 + index}`,
    language: 'en',
    passwordHash,
    createdAt: founded,
  }))
  while (users.length < size) {
    const faker = companies[users.length % companies.length] ?? chance
    const firstName = faker.person.firstName()
    const lastName = faker.person.lastName()
    const login = chance.internet
      .email({ firstName, lastName, provider: 'demo.example' })
      .toLowerCase()
    if (logins.has(login)) continue
    logins.add(login)
    const at = chance.number.float({ min: 0, max: 0.999_999 })
    const role: Role = pick(
      [
        ['OWNER', 0.01],
        ['ADMIN', 0.07],
        ['MEMBER', 0.92],
      ],
      at,
    )
    const status: UserStatus = pick(
      [
        ['ACTIVE', 0.82],
        ['INVITED', 0.12],
        ['BLOCKED', 0.06],
      ],
      chance.number.float({ min: 0, max: 0.999_999 }),
    )
    const createdAt = chance.date.between({
      from: new Date(founded.getTime() + dayMs),
      to: until,
    })
    users.push({
      login,
      firstName,
      lastName,
      phone: chance.datatype.boolean(0.8)
        ? fictional(chance.phone.number({ style: 'international' }))
        : null,
      language: chance.helpers.arrayElement(languages),
      role: status === 'INVITED' && role === 'OWNER' ? 'MEMBER' : role,
      status,
      passwordHash: status === 'INVITED' ? null : passwordHash,
      lastSignInAt:
        status !== 'INVITED' && chance.datatype.boolean(0.93)
          ? chance.date.between({ from: createdAt, to: until })
          : null,
      createdAt,
    })
  }
  if (now === null) {
    await database.write(unit => services.users.add(unit, users))
  } else {
    const plan = planHistory(users, new Faker({ locale: [en, base], seed }), now)
    await database.write(unit => writeHistory(unit, services, plan))
    // Home counts the chained operations as soon as the server has started.
    services.operations.start(() => undefined)
    await services.operations.idle()
    await services.operations.stop()
  }
  return [
    '',
    `  A company of ${size} was made. Everyone signs in with ${demoPassword}`,
    ...named.map(
      user =>
        `    ${user.login.padEnd(22)}${user.role.toLowerCase()}${user.status === 'BLOCKED' ? ', blocked' : ''}`,
    ),
  ]
}
