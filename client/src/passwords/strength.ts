import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

/**
 * How hard a password is to guess, from 0 to 4. Large, and so to be imported
 * only when somebody types one.
 *
 * @param known what someone who guesses would know: login and names.
 */
export const strengthOf = (password: string, known: readonly string[]): number =>
  zxcvbn.check(password, [...known]).score
