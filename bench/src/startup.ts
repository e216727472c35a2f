import { setTimeout as wait } from 'node:timers/promises'
import type { BetterAuth } from './better-auth.js'
import { type Figure, medianOf } from './figures.js'
import type { RekeyData } from './rekey.js'

const rounds = 5

/** Measures a cold start on an existing database, and memory use without requests. */
export const measureStartup = async (data: RekeyData, other: BetterAuth): Promise<Figure[]> => {
  const ours: { ms: number; memory: number }[] = []
  const theirs: typeof ours = []
  for (let round = 0; round < rounds; round += 1) {
    const rekey = await data.start()
    await wait(1_000)
    ours.push({ ms: rekey.server.startedInMs, memory: rekey.server.memoryMiB() })
    await rekey.stop()
    await other.restart()
    await wait(1_000)
    theirs.push({ ms: other.server.startedInMs, memory: other.server.memoryMiB() })
  }
  const of = (values: typeof ours, key: 'ms' | 'memory') => medianOf(values.map(each => each[key]))
  const compared = (name: string, key: 'ms' | 'memory', unit: string, aim: string): Figure[] => [
    {
      name,
      value: of(ours, key),
      unit,
      ratio: of(ours, key) / of(theirs, key),
      of: 'Better Auth',
      aim,
    },
    { name: `${name}, Better Auth`, value: of(theirs, key), unit },
  ]
  return [
    ...compared('cold start', 'ms', 'ms', '2,000 ms or less'),
    ...compared('memory idle', 'memory', 'MiB', '200 MiB or less'),
  ]
}
