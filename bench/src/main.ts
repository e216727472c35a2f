import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measureAccountEnumeration } from './account-enumeration.js'
import { BetterAuth } from './better-auth.js'
import { measureClient } from './client-size.js'
import { type Figure, tableOf } from './figures.js'
import { measureInstall } from './install.js'
import { measurePasswords } from './passwords.js'
import { type Engine, RekeyData } from './rekey.js'
import { measureStartup } from './startup.js'
import { measureUsers } from './users.js'
import { measureWebVitals } from './web-vitals.js'

const otherCount = 100_000

const say = (line: string) => process.stdout.write(`${line}\n`)

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      sizes: { type: 'string', default: '1000,100000,1000000' },
      json: { type: 'string' },
    },
  })
  const seconds = Number(values.seconds)
  const sizes = values.sizes.split(',').map(Number)
  const postgres = (process.env.TEST_POSTGRES_URL ?? '') !== ''
  const engines: Engine[] = postgres ? ['SQLite', 'PostgreSQL'] : ['SQLite']
  if (!postgres) say('PostgreSQL’s programs were not found, so only SQLite is measured.')

  const figures: Figure[] = []
  const other = await BetterAuth.start(otherCount)
  const data = await RekeyData.make('SQLite', 1_000)
  try {
    say('Cold start and memory.')
    figures.push(...(await measureStartup(data, other)))
    say('Sign-in and change.')
    const rekey = await data.start()
    try {
      figures.push(...(await measureAccountEnumeration(rekey)))
      figures.push(...(await measurePasswords(rekey, other, seconds)))
      say('Web vitals.')
      figures.push(...(await measureWebVitals(rekey, say)))
    } finally {
      await rekey.stop()
    }
    figures.push(...(await measureUsers(engines, sizes, other, otherCount, seconds, say)))
  } finally {
    await other.stop()
    await data.remove()
  }
  figures.push(...measureClient())
  say('Install.')
  figures.push(...measureInstall())

  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
  say(`\n${machine}; ${seconds} s each\n\n${tableOf(figures)}`)
  if (values.json !== undefined) {
    const result = { at: new Date().toISOString(), machine, seconds, figures }
    writeFileSync(resolve(values.json), `${JSON.stringify(result, null, 2)}\n`)
  }
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.stack : String(failure)}\n`)
  process.exit(1)
})
