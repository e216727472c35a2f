import { randomBytes } from 'node:crypto'
import type { Role, UserStatus } from '@rekey/shared/access'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { NewUser } from '../users/user.service.js'
import { demoPassword } from './demo.js'
import { loadFaker } from './faker.js'

const day = 24 * 60 * 60 * 1000
const names = 4_000

/** The role depends on the number of the user, so that each run has the same mix. */
const roleOf = (number: number): Role =>
  number % 10_000 === 1 ? 'OWNER' : number % 50 === 2 ? 'ADMIN' : 'MEMBER'

const statusOf = (number: number): UserStatus =>
  number % 10 === 3 ? 'INVITED' : number % 25 === 4 ? 'BLOCKED' : 'ACTIVE'

/**
 * Made-up users in batches, with names in several languages and the password of the demo. Their
 * logins contain a unique word, so that they can be added to any database, even twice.
 */
export async function* manyUsers(
  count: number,
  batchSize: number,
  hasher: PasswordHasher,
): AsyncGenerator<NewUser[]> {
  const { Faker, de, en, es, fr, pl, sv, base } = await loadFaker()
  const fakers = [en, de, fr, pl, es, sv].map(
    locale => new Faker({ locale: [locale, en, base], seed: 20_260_101 }),
  )
  const poolOf = (make: (faker: (typeof fakers)[number]) => string) => [
    ...new Set(fakers.flatMap(faker => Array.from({ length: names }, () => make(faker)))),
  ]
  const firstNames = poolOf(faker => faker.person.firstName())
  const lastNames = poolOf(faker => faker.person.lastName())
  const passwordHash = await hasher.hashPassword(demoPassword)
  const run = randomBytes(3).toString('hex')
  const now = Date.now()

  for (let start = 0; start < count; start += batchSize) {
    yield Array.from({ length: Math.min(batchSize, count - start) }, (_, index): NewUser => {
      const number = start + index
      // The steps share no factor with the sizes of the pools, so every pair occurs before
      // one repeats.
      const firstName = firstNames[(number * 7_919) % firstNames.length] ?? 'Some'
      const lastName = lastNames[(number * 104_729) % lastNames.length] ?? 'One'
      const status = statusOf(number)
      const createdAt = new Date(now - ((number * 37) % (900 * day)))
      const ascii = `${firstName}.${lastName}`
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^a-z.]/g, '')
      return {
        login: `${ascii}.${run}${number}@seed.example`,
        firstName,
        lastName,
        phone: number % 5 === 0 ? null : `+1 555 ${String(number).padStart(7, '0')}`,
        language: 'en',
        role: status === 'ACTIVE' ? roleOf(number) : 'MEMBER',
        status,
        passwordHash: status === 'INVITED' ? null : passwordHash,
        lastSignInAt:
          status === 'INVITED' || number % 13 === 0
            ? null
            : new Date(
                createdAt.getTime() + ((number * 6_151) % Math.max(now - createdAt.getTime(), 1)),
              ),
        createdAt,
      }
    })
  }
}
