import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { argon2id, hash, verify } from 'argon2'
import { type LoadResult, load, percentile } from './load.js'
import { type Browser, demoPassword, RekeyProcess } from './rekey-process.js'

const cost = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const cores = availableParallelism()
const rememberedPasswords = 4

/** One line of the result. */
interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it is compared with, as a share or a multiple. */
  readonly ratio?: number
  readonly aim?: string
}

const say = (line: string) => process.stdout.write(`${line}\n`)

/** The hashes this machine makes when it does nothing else. */
const bareHashes = async (seconds: number): Promise<LoadResult> => {
  const stored = await hash(demoPassword, cost)
  return load(cores, seconds, () => verify(stored, demoPassword))
}

const signIns = async (rekey: RekeyProcess, seconds: number): Promise<LoadResult> => {
  const logins = await rekey.logins(64)
  let next = 0
  return load(8, seconds, () => {
    next += 1
    return rekey.browser().logIn(logins[next % logins.length] ?? '', demoPassword)
  })
}

/** Changes of people whose history is full, so that each costs the same number of hashes. */
const changes = async (rekey: RekeyProcess, seconds: number): Promise<LoadResult> => {
  const people: { browser: Browser; changed: number }[] = []
  for (const login of await rekey.logins(6)) {
    const browser = rekey.browser()
    await browser.logIn(login, demoPassword)
    people.push({ browser, changed: 0 })
  }
  const passwordOf = (number: number) =>
    number === 0 ? demoPassword : `Brisk-Meadow-${1000 + number}`
  const change = async (worker: number) => {
    const person = people[worker]
    if (person === undefined) throw new Error('There is nobody for this worker.')
    await person.browser.changePassword(passwordOf(person.changed), passwordOf(person.changed + 1))
    person.changed += 1
  }
  for (let count = 0; count < rememberedPasswords; count += 1) {
    await Promise.all(people.map((_, worker) => change(worker)))
  }
  return load(people.length, seconds, change)
}

/** The light query beside a storm of sign-ins. */
const lightQueries = async (rekey: RekeyProcess, seconds: number) => {
  const light = rekey.browser()
  const ask = () => light.send('{ passwordPolicy { rules { rule } } }')
  await load(1, 1, ask)
  const idle = await load(1, seconds, ask)
  const idleMemory = rekey.memoryMiB()
  const logins = await rekey.logins(64)
  let next = 0
  const storm = load(200, seconds + 1, () => {
    next += 1
    return rekey.browser().logIn(logins[next % logins.length] ?? '', demoPassword)
  })
  await new Promise(later => setTimeout(later, 500))
  const busy = await load(1, seconds, ask)
  await storm
  return { idle, busy, idleMemory, peakMemory: rekey.peakMemoryMiB() }
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      json: { type: 'string' },
    },
  })
  const seconds = Number(values.seconds)
  const figures: Figure[] = []
  const rekey = await RekeyProcess.start()
  try {
    const light = await lightQueries(rekey, seconds)
    // The machine may be faster or slower later: its best is measured before and after.
    const before = await bareHashes(seconds)
    const signedIn = await signIns(rekey, seconds)
    const between = await bareHashes(seconds)
    const changed = await changes(rekey, seconds)
    const after = await bareHashes(seconds)
    const forSignIns = (before.perSecond + between.perSecond) / 2
    const forChanges = (between.perSecond + after.perSecond) / 2
    const hashesOfChange = 2 + rememberedPasswords

    const idle = percentile(light.idle.times, 0.99)
    const busy = percentile(light.busy.times, 0.99)
    figures.push(
      { name: 'argon2.verify alone', value: forSignIns, unit: '/s' },
      {
        name: 'sign-in, share of it',
        value: signedIn.perSecond,
        unit: '/s',
        ratio: signedIn.perSecond / forSignIns,
        aim: '0.9 or more',
      },
      {
        name: `change password, ${hashesOfChange} hashes each, share of it`,
        value: changed.perSecond,
        unit: '/s',
        ratio: (changed.perSecond * hashesOfChange) / forChanges,
        aim: '0.9 or more',
      },
      { name: 'passwordPolicy, p99 idle', value: idle, unit: 'ms' },
      {
        name: 'passwordPolicy, p99 while 200 sign-ins are in flight',
        value: busy,
        unit: 'ms',
        ratio: busy / idle,
        aim: 'under 10',
      },
      { name: 'memory idle', value: light.idleMemory ?? Number.NaN, unit: 'MiB' },
      {
        name: 'memory at its peak then',
        value: light.peakMemory ?? Number.NaN,
        unit: 'MiB',
        ratio: (light.peakMemory ?? Number.NaN) / (light.idleMemory ?? Number.NaN),
      },
    )
  } finally {
    await rekey.stop()
  }
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cores} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
  say(`\n${machine}; ${seconds} s each\n`)
  say(`| ${'figure'.padEnd(56)} | ${'value'.padStart(12)} | ratio | aim         |`)
  say(`| ${'-'.repeat(56)} | ${'-'.repeat(12)} | ----- | ----------- |`)
  for (const { name, value, unit, ratio, aim } of figures) {
    const shown = `${value.toFixed(1)} ${unit}`.padStart(12)
    say(
      `| ${name.padEnd(56)} | ${shown} | ${(ratio?.toFixed(2) ?? '').padStart(5)} | ${(aim ?? '').padEnd(11)} |`,
    )
  }
  if (values.json !== undefined) {
    const result = { at: new Date().toISOString(), machine, seconds, figures }
    writeFileSync(join(process.cwd(), values.json), `${JSON.stringify(result, null, 2)}\n`)
  }
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.stack : String(failure)}\n`)
  process.exit(1)
})
