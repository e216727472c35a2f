import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { goodPassword, TestServer } from '../testing/test-server.js'

let server: TestServer
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-policy-'))
  const file = join(dir, 'policy.json')
  await writeFile(file, '{"MIN_LENGTH": {"min": 8}, "SPECIAL": false, "REUSED": {"last": 1}}')
  server = await TestServer.start({ PASSWORD_POLICY_FILE: file })
})
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})

describe('a policy from a file', () => {
  it('is the policy that the API returns', async () => {
    const { data } = await server
      .client()
      .query('{ passwordPolicy { passwordRules rules { rule min last description } } }')
    expect(data.passwordPolicy.passwordRules).toBe(
      'minlength: 8; maxlength: 30; required: upper; required: lower; required: digit; allowed: ascii-printable;',
    )
    const rules = data.passwordPolicy.rules as { rule: string; description: string }[]
    expect(rules.map(({ rule }) => rule)).not.toContain('SPECIAL')
    expect(rules.find(({ rule }) => rule === 'MIN_LENGTH')?.description).toBe(
      'At least 8 characters',
    )
    expect(rules.find(({ rule }) => rule === 'REUSED')?.description).toBe(
      'Different from the last password',
    )
  })

  it('judges password changes, including commonly used passwords that fit its rules', async () => {
    const client = await server.signedIn(await server.addUser())
    const change = (currentPassword: string, newPassword: string) =>
      client
        .changePassword({ currentPassword, newPassword })
        .then(({ data }) =>
          data.changePassword.errors.flatMap((error: { violations: { rule: string }[] }) =>
            error.violations.map(({ rule }) => rule),
          ),
        )
    expect(await change(goodPassword, 'Mead41')).toEqual(['MIN_LENGTH'])
    expect(await change(goodPassword, 'Password1')).toEqual(['COMMON'])
    expect(await change(goodPassword, 'Meadow41')).toEqual([])
    // Only the current password counts as reused, and the rule SAME_AS_CURRENT covers that.
    expect(await change('Meadow41', goodPassword)).toEqual([])
  })
})
