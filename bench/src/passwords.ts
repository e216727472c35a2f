import { availableParallelism } from 'node:os'
import { argon2id, hash, verify } from 'argon2'
import type { BetterAuth } from './better-auth.js'
import type { Figure } from './figures.js'
import type { HttpSession } from './http-session.js'
import { type LoadResult, load, percentile } from './load.js'
import { changePassword, logIn, password, type Rekey } from './rekey.js'

const cost = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const rememberedPasswords = 4
const changers = 6
const passwordOf = (number: number) => (number === 0 ? password : `Brisk-Meadow-${1000 + number}`)

/** The hashes that this machine computes when it does nothing else. */
const bareHashes = async (seconds: number): Promise<LoadResult> => {
  const stored = await hash(password, cost)
  return load(availableParallelism(), seconds, () => verify(stored, password))
}

const signers = 64

/** Signs a number of users in, again and again. */
const signIns = (seconds: number, one: (number: number) => Promise<void>): Promise<LoadResult> => {
  let next = 0
  return load(8, seconds, () => {
    next += 1
    return one(next % signers)
  })
}

/** Signs in the same users, each in a browser with which they have signed in before. */
const signInsAgain = async (
  seconds: number,
  rekey: Rekey,
  logins: readonly string[],
): Promise<LoadResult> => {
  const browsers = logins.slice(0, signers).map(() => rekey.browser())
  const again = async (number: number) => {
    const browser = browsers[number]
    if (browser === undefined) throw new Error('There is no user with this number.')
    browser.forget('rekey_session')
    await logIn(browser, logins[number] ?? '')
  }
  for (const number of browsers.keys()) await again(number)
  return signIns(seconds, again)
}

/**
 * Password changes by users whose history is full, so that each costs the same number of hashes.
 */
const changes = async (
  seconds: number,
  open: (number: number) => Promise<HttpSession>,
  change: (browser: HttpSession, from: string, to: string) => Promise<void>,
): Promise<LoadResult> => {
  const people = await Promise.all(
    Array.from({ length: changers }, async (_, number) => ({
      browser: await open(number),
      changed: 0,
    })),
  )
  const changeOnce = async (worker: number) => {
    const person = people[worker]
    if (person === undefined) throw new Error('There is no user for this worker.')
    await change(person.browser, passwordOf(person.changed), passwordOf(person.changed + 1))
    person.changed += 1
  }
  for (let count = 0; count < rememberedPasswords; count += 1) {
    await Promise.all(people.map((_, worker) => changeOnce(worker)))
  }
  return load(changers, seconds, changeOnce)
}

/** The light query during many sign-ins. */
const lightQueries = async (rekey: Rekey, seconds: number) => {
  const light = rekey.browser()
  const ask = () => light.query('{ passwordPolicy { rules { rule } } }')
  await load(1, 1, ask)
  const idle = await load(1, seconds, ask)
  const idleMemory = rekey.server.memoryMiB()
  const logins = await rekey.logins(64)
  let next = 0
  const storm = load(200, seconds + 1, () => {
    next += 1
    return logIn(rekey.browser(), logins[next % logins.length] ?? '')
  })
  await new Promise(later => setTimeout(later, 500))
  const busy = await load(1, seconds, ask)
  await storm
  return { idle, busy, idleMemory, peakMemory: rekey.server.peakMemoryMiB() }
}

/**
 * Measures sign-in and password changes against the bare hash, and light queries in the meantime.
 */
export const measurePasswords = async (
  rekey: Rekey,
  other: BetterAuth,
  seconds: number,
): Promise<Figure[]> => {
  const light = await lightQueries(rekey, seconds)
  const logins = await rekey.logins(64 + changers)
  // The speed of the machine may change, so the bare hash is measured before and after each.
  const bare = [await bareHashes(seconds)]
  const between = async (result: Promise<LoadResult>) => {
    const { perSecond } = await result
    bare.push(await bareHashes(seconds))
    const [before, after] = bare.slice(-2).map(each => each.perSecond)
    return { perSecond, bare: ((before ?? 0) + (after ?? 0)) / 2 }
  }
  const ours = await between(signInsAgain(seconds, rekey, logins))
  const fromNew = await between(
    signIns(seconds, number => logIn(rekey.browser(), logins[number] ?? '')),
  )
  const theirs = await between(signIns(seconds, number => other.logIn(other.browser(), number + 1)))
  const ourChanges = await between(
    changes(
      seconds,
      async number => {
        const browser = rekey.browser()
        await logIn(browser, logins[64 + number] ?? '')
        return browser
      },
      changePassword,
    ),
  )
  const theirChanges = await between(
    changes(
      seconds,
      async number => {
        const browser = other.browser()
        await other.logIn(browser, 100 + number)
        return browser
      },
      (browser, from, to) => other.changePassword(browser, from, to),
    ),
  )
  const idle = percentile(light.idle.times, 0.99)
  const busy = percentile(light.busy.times, 0.99)
  const hashes = 2 + rememberedPasswords
  const share = (result: { perSecond: number; bare: number }, each: number) => ({
    value: result.perSecond,
    unit: '/s',
    ratio: (result.perSecond * each) / result.bare,
    of: 'bare argon2.verify',
  })
  return [
    { name: 'only argon2.verify', value: ours.bare, unit: '/s' },
    { name: 'sign-in', ...share(ours, 1), aim: 'Better Auth’s or more' },
    { name: 'sign-in with a new browser, and a mail of it', ...share(fromNew, 1) },
    { name: 'sign-in, Better Auth', ...share(theirs, 1) },
    {
      name: `change, ${hashes} hashes each`,
      ...share(ourChanges, hashes),
      aim: 'Better Auth’s ratio or more',
    },
    { name: 'change, Better Auth, 2 hashes each', ...share(theirChanges, 2) },
    { name: 'passwordPolicy p99, idle', value: idle, unit: 'ms' },
    {
      name: 'passwordPolicy p99, 200 sign-ins in flight',
      value: busy,
      unit: 'ms',
      ratio: busy / idle,
      of: 'idle',
      aim: 'under 10',
    },
    {
      name: 'memory at its peak then',
      value: light.peakMemory,
      unit: 'MiB',
      ratio: light.peakMemory / light.idleMemory,
      of: 'idle',
    },
  ]
}
