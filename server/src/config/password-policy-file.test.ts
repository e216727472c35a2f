import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defaultPasswordPolicy } from '@rekey/shared/password-policy'
import { readConfig } from './config.js'
import { ConfigError } from './config-error.js'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-policy-'))
})
afterAll(() => rm(dir, { recursive: true }))

const policyOf = async (content: string) => {
  await writeFile(join(dir, 'policy.json'), content)
  return readConfig({ PASSWORD_POLICY_FILE: 'policy.json' }, dir).passwordPolicy
}

const problemsOf = (content: string) =>
  policyOf(content).then(
    () => [],
    failure => (failure as ConfigError).problems,
  )

describe('the policy file', () => {
  it('changes numbers and switches rules off; rules that are not listed stay', async () => {
    expect(await policyOf('{"MIN_LENGTH": {"min": 14}, "REUSED": false, "COMMON": true}')).toEqual(
      defaultPasswordPolicy
        .filter(setting => setting.rule !== 'REUSED')
        .map(setting => (setting.rule === 'MIN_LENGTH' ? { ...setting, min: 14 } : setting)),
    )
    expect(await policyOf('{}')).toEqual(defaultPasswordPolicy)
  })

  it.each([
    ['{"MIN_LENGTH": {"min": 7}}', 'MIN_LENGTH min must be a whole number from 8 to 64.'],
    ['{"MIN_LENGTH": {"min": "14"}}', 'MIN_LENGTH min must be a whole number from 8 to 64.'],
    ['{"MIN_LENGTH": {"min": 14, "most": 3}}', 'MIN_LENGTH accepts only min.'],
    ['{"MIN_LENGTH": false}', 'MIN_LENGTH must be {"min":"…"}.'],
    ['{"NUMBER": {"min": 1.5}}', 'NUMBER min must be a whole number from 1 to 8.'],
    ['{"REUSED": {}}', 'REUSED last must be a whole number from 1 to 24.'],
    ['{"CONTEXT_WORD": {"min": 3}}', 'CONTEXT_WORD min must be a whole number from 4 to 64.'],
    ['{"COMMON": "no"}', 'COMMON must be true or false.'],
    ['{"INVALID_CHARACTER": false}', 'INVALID_CHARACTER cannot be switched off.'],
    ['{"LENGTH": {"min": 14}}', 'There is no rule LENGTH.'],
    ['{"MIN_LENGTH": {"min": 40}}', 'MAX_LENGTH 30 is less than MIN_LENGTH 40.'],
    [
      '{"MIN_LENGTH": {"min": 8}, "MAX_LENGTH": {"max": 8}, "NUMBER": {"min": 8}}',
      'MAX_LENGTH 8 is less than the 11 characters that other rules require.',
    ],
  ])('%s: %s', async (content, problem) => {
    expect(await problemsOf(content)).toEqual([`PASSWORD_POLICY_FILE: ${problem}`])
  })

  it('locks the policy, unless PASSWORD_POLICY_FILE_LOCKS is false', async () => {
    await policyOf('{}')
    const isLocked = (environment: Record<string, string>) =>
      readConfig(environment, dir).passwordPolicyLocked
    const file = { PASSWORD_POLICY_FILE: 'policy.json' }
    expect(isLocked(file)).toBe(true)
    expect(isLocked({ ...file, PASSWORD_POLICY_FILE_LOCKS: 'false' })).toBe(false)
    expect(isLocked({ PASSWORD_POLICY_FILE_LOCKS: 'true' })).toBe(false)
  })

  it.each(['{', '[]', '12', 'null'])('reports a file with %s in one line', async content => {
    const problems = await problemsOf(content)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('PASSWORD_POLICY_FILE')
  })

  it('reports a missing file', () => {
    expect(() => readConfig({ PASSWORD_POLICY_FILE: 'missing.json' }, dir)).toThrow(ConfigError)
  })
})
