import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { loadCommonPasswords } from '@rekey/shared/password-policy'
import fc from 'fast-check'
import { repetitions } from '../testing/repetitions.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'

const login = 'anna.kowalska@rekey.example'
const name = 'Zofia Person 1'
const runs = repetitions(300, 3000)

let server: TestServer
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  client = await server.signedIn(await server.addUser({ login, firstName: 'Zofia' }))
})
afterAll(() => server.stop())

/** Passwords near every bound of the policy, and completely random ones. */
const passwords = async () => {
  const common = [...(await loadCommonPasswords(server.config.passwordPolicy))]
  const character = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...'abcXYZ0189!-_ ') },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('é', 'e\u0301', 'ß', 'Ǆ', 'ǅ', '١', '\u00a0', '密', '😀'),
    },
    { weight: 1, arbitrary: fc.constantFrom('\u0000', '\u0007', '\ud800', '\udfff', '\u200d') },
  )
  const near = (min: number, max: number) =>
    fc
      .array(character, { minLength: min, maxLength: max, size: 'max' })
      .map(characters => characters.join(''))
  const anyCase = (text: string) =>
    fc
      .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
      .map(upper =>
        [...text].map((one, at) => (upper[at] ? one.toUpperCase() : one.toLowerCase())).join(''),
      )
  return fc.oneof(
    { weight: 4, arbitrary: near(8, 16) },
    { weight: 2, arbitrary: near(28, 33) },
    { weight: 2, arbitrary: fc.constantFrom(...common).chain(anyCase) },
    { weight: 1, arbitrary: near(0, 4).map(text => `Xx1!${text}Anna.KOWALSKA`) },
    { weight: 1, arbitrary: near(0, 4).map(text => `Xx1!Y${text}ZOFIA${text}`) },
    { weight: 1, arbitrary: near(0, 4).map(text => `Xx1!Yyyy${text}rekey`) },
    { weight: 1, arbitrary: near(0, 4).map(text => `Meadow471199${text.replace(/\W/gu, '')}`) },
    { weight: 1, arbitrary: fc.constantFrom('current') },
    { weight: 2, arbitrary: near(4, 10).map(text => `Aa1!Bb2?${text}`) },
  )
}

describe('the password policy', () => {
  it(`gets the same verdict from the form and the endpoint on ${runs} passwords`, async () => {
    const { judge } = await import('../../../client/src/passwords/new-password.js')
    const { data } = await client.query(
      '{ passwordPolicy { contextWords rules { rule min max last description } } }',
    )
    const { rules, contextWords } = data.passwordPolicy
    const commonPasswords = await loadCommonPasswords(server.config.passwordPolicy)
    let current = goodPassword
    let changes = 0
    const refused = new Set<string>()

    await fc.assert(
      fc.asyncProperty(await passwords(), async drawn => {
        const newPassword = drawn === 'current' ? current : drawn
        fc.pre(newPassword !== '')
        const judged = judge(rules, newPassword, {
          login,
          currentPassword: current,
          contextWords: [...contextWords, name],
          commonPasswords,
        })
        const unmet = judged.filter(one => one.verdict === 'unmet').map(one => one.rule)

        const answer = await client.changePassword({ currentPassword: current, newPassword })
        const { errors } = answer.data.changePassword
        const violations: string[] = errors.flatMap(
          (error: { violations?: { rule: string }[] }) =>
            error.violations?.map(({ rule }) => rule) ?? ['another error'],
        )
        for (const rule of violations) refused.add(rule)
        if (errors.length === 0) {
          current = newPassword
          changes += 1
        }
        // Only the server knows the earlier passwords.
        expect(violations.filter(rule => rule !== 'REUSED')).toEqual(unmet)
      }),
      { numRuns: runs },
    )
    expect(changes).toBeGreaterThan(runs / 30)
    // Otherwise the passwords did not test every rule.
    expect([...refused].filter(rule => rule !== 'REUSED').sort()).toEqual(
      rules
        .map(({ rule }: { rule: string }) => rule)
        .filter((rule: string) => rule !== 'REUSED')
        .sort(),
    )
  }, 600_000)
})
