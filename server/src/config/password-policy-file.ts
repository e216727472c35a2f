import { readFileSync } from 'node:fs'
import {
  contradictionOf,
  defaultPasswordPolicy,
  type PasswordPolicy,
  type PolicyContradiction,
} from '@rekey/shared/password-policy'
import { ConfigError } from './config-error.js'
import { changePolicy, readPolicyChanges } from './password-policy-model.js'

const describeContradiction = (contradiction: PolicyContradiction): string =>
  contradiction.kind === 'MAX_BELOW_MIN'
    ? `MAX_LENGTH ${contradiction.max} is less than MIN_LENGTH ${contradiction.min}`
    : `MAX_LENGTH ${contradiction.max} is less than the ${contradiction.required} characters that other rules require`

/**
 * Reads the policy from a file: the default policy, in which the file switches rules off with
 * `false` or changes their numbers.
 *
 * @throws ConfigError if the file cannot be read or is invalid.
 */
export const readPasswordPolicyFile = (path: string): PasswordPolicy => {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (failure) {
    const problem = failure instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read'
    throw new ConfigError([`PASSWORD_POLICY_FILE: ${path} ${problem}.`])
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError([
      'PASSWORD_POLICY_FILE must contain an object such as {"MIN_LENGTH": {"min": 14}, "REUSED": false}.',
    ])
  }
  const fail = (problems: readonly string[]): never => {
    throw new ConfigError(problems.map(line => `PASSWORD_POLICY_FILE: ${line}.`))
  }
  const read = readPolicyChanges(content)
  if ('problems' in read) return fail(read.problems)
  const policy = changePolicy(defaultPasswordPolicy, read.changes)
  const contradiction = contradictionOf(policy)
  return contradiction === null ? policy : fail([describeContradiction(contradiction)])
}
