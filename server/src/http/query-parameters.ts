import { readLanguageTag } from '@rekey/shared/language-tag'
import { z } from 'zod'
import { Language } from '../messages/language.js'

// The text of each model completes the message of `problemOf`, after the name of the parameter.

/** A parameter that can be given several times. */
export const listOf = <Value extends string>(values: readonly Value[], rule: string) =>
  z.preprocess(
    given => (given === undefined || Array.isArray(given) ? given : [given]),
    z.array(z.enum(values, rule)).optional(),
  )

/** A parameter with any text. Not every database can store or search for U+0000. */
export const textParameter = z
  .string('accepts one value')
  .refine(value => !value.includes('\0'), 'must not contain the character U+0000')
  .optional()

/** The language of the headings of a CSV file. Without it, they are the names that programs read. */
export const headingLanguage = z
  .string('accepts one value')
  .refine(tag => readLanguageTag(tag) !== null, 'requires the tag of a language, such as de')
  .transform(tag => Language.of([tag]))
  .optional()

/**
 * Explains what is wrong with the parameters: names the first invalid one and what it accepts. Never
 * contains the value that was sent.
 *
 * @param path the path of the URL.
 * @param names the names of all parameters.
 */
export const problemOf = (
  { issues: [issue] }: z.ZodError,
  path: string,
  names: readonly string[],
): string => {
  const [parameter] = issue?.path ?? []
  if (issue !== undefined && parameter !== undefined) {
    return `The parameter ${String(parameter)} ${issue.message}.`
  }
  const [unknown = ''] = issue?.code === 'unrecognized_keys' ? issue.keys : []
  return `There is no parameter “${unknown.slice(0, 40)}”: ${path} accepts ${names.join(', ')}.`
}
