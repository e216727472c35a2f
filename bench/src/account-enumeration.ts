import type { Figure } from './figures.js'
import { percentile } from './load.js'
import type { Rekey } from './rekey.js'

const rounds = 60

/** The median times of two calls made alternately, in milliseconds. */
const byTurns = async (
  one: (round: number) => Promise<unknown>,
  other: (round: number) => Promise<unknown>,
): Promise<[number, number]> => {
  const calls = [one, other] as const
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    // Alternates the order, so that the effects of one call do not always influence the other.
    for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const from = performance.now()
      await calls[which](round)
      times[which].push(performance.now() - from)
    }
  }
  const [first, second] = times.map(each =>
    percentile(
      each.sort((a, b) => a - b),
      0.5,
    ),
  )
  return [first ?? Number.NaN, second ?? Number.NaN]
}

/**
 * Measures whether response times reveal that a login exists: for a rejected sign-in, and for a
 * reset request.
 */
export const measureAccountEnumeration = async (rekey: Rekey): Promise<Figure[]> => {
  const logins = await rekey.logins(rounds)
  const browser = rekey.browser()
  const signIn = (login: string) =>
    browser.query(
      'mutation ($input: LogInInput!) { logIn(input: $input) { errors { __typename } } }',
      { input: { login, password: 'Wrong-Meadow-1' } },
    )
  const reset = (login: string) =>
    browser.query(
      'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { errors { __typename } } }',
      { input: { login } },
    )
  const figures: Figure[] = []
  for (const [name, ask] of [
    ['a refused sign-in', signIn],
    ['a request for a reset', reset],
  ] as const) {
    await ask('warm.up@bench.example')
    const [knownMs, unknownMs] = await byTurns(
      round => ask(logins[round] ?? ''),
      round => ask(`nobody.${round}@bench.example`),
    )
    figures.push({
      name: `${name}, login of someone`,
      value: knownMs,
      unit: 'ms',
      ratio: knownMs / unknownMs,
      of: 'login of nobody',
      aim: '1',
    })
  }
  return figures
}
