import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

/**
 * How hard a password is to guess, from 0 to 4. The dictionaries are large, so only the worker
 * imports this module.
 *
 * @param known the words that an attacker would know: login and names.
 */
export const strengthOf = (password: string, known: readonly string[]): number =>
  zxcvbn.check(password, [...known]).score
