import type { Figure } from './figures.js'
import { percentile } from './load.js'
import type { Rekey } from './rekey.js'

const rounds = 60

/** How long each of two calls takes that are made by turns, in milliseconds: the medians. */
const byTurns = async (
  one: (round: number) => Promise<unknown>,
  other: (round: number) => Promise<unknown>,
): Promise<[number, number]> => {
  const calls = [one, other] as const
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    // Now this one first and now that one: what a call leaves behind is not the other's alone.
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

/** Whether the clock tells that a login exists: by a refused sign-in, and by a request for a reset. */
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
    const [known, unknown] = await byTurns(
      round => ask(logins[round] ?? ''),
      round => ask(`nobody.${round}@bench.example`),
    )
    figures.push({
      name: `${name}, login of someone`,
      value: known,
      unit: 'ms',
      ratio: known / unknown,
      of: 'login of nobody',
      aim: '1',
    })
  }
  return figures
}
