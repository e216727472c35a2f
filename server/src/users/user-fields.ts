import { domainToASCII } from 'node:url'
import { readLanguageTag } from '@rekey/shared/language-tag'
import { loginKeyOf, maxLoginLength, tidyLogin, withoutInvisible } from '@rekey/shared/login'
import { z } from 'zod'
import { phoneProblem, storedPhoneOf } from '../phone-numbers/phone.js'
import { displayedLoginOf } from './user-keys.js'

/** The fields of a profile that people edit. */
export interface UserFields {
  login: string
  firstName: string
  lastName: string
  phone: string | null
  language: string
}

/** What is wrong with one field, worded for the person who filled it in. */
export interface FieldProblem {
  readonly field: string
  readonly message: string
}

const isPlainText = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text)

// Characters that turn the direction of what follows round, so that a name reads as another.
const turnsText = (text: string): boolean => /[\u202A-\u202E\u2066-\u2069]/u.test(text)

// A blank of Braille is the one symbol without ink.
const hasInk = (text: string): boolean =>
  /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text)

// What an address would have to be quoted for (RFC 5322, 3.2.3), and what nobody sees: Punycode may
// hold it.
const isPlainAddress = (text: string): boolean =>
  text.isWellFormed() && withoutInvisible(text) === text && !/[()<>[\]:;,\\"]/.test(text)

const domainOf = (login: string): string => login.slice(login.lastIndexOf('@') + 1)

// Mail goes to the ASCII form, so there has to be one (UTS 46), and the key has to have it. A domain
// that is mapped to an IP address has none.
const hasDomain = (login: string): boolean => {
  const ascii = domainToASCII(domainOf(login))
  return ascii === domainOf(loginKeyOf(login)) && ascii.split('.').every(label => label !== '')
}

const name = (what: string, least: number) =>
  z
    .string()
    .refine(text => isPlainText(text) && !turnsText(text), `${what} can't hold control characters.`)
    .transform(text => (hasInk(text) ? text.normalize('NFC').trim() : ''))
    .refine(text => text.length >= least, `${what} is missing.`)
    .refine(text => [...text].length <= 100, `${what} takes at most 100 characters.`)

/** What a language requires, as users and the schema read it. */
export const languageRule =
  'a language tag such as en, de-AT or pt-BR, with no more than language, script and region'

const noAddress = 'Login requires an e-mail address.'

const address = z
  .email({ pattern: z.regexes.unicodeEmail, error: noAddress })
  .refine(isPlainAddress, noAddress)
  // Mail goes to the ASCII form, which is the longer one.
  .refine(
    login => Math.max(login.length, loginKeyOf(login).length) <= maxLoginLength,
    `Login accepts at most ${maxLoginLength} characters, counted with its domain in ASCII.`,
  )
  .refine(hasDomain, noAddress)

const loginModel = z.string().transform((typed, context) => {
  const visible = withoutInvisible(typed)
  const asTyped = address.safeParse(displayedLoginOf(visible))
  if (asTyped.success && visible === tidyLogin(typed)) return asTyped.data
  // A joiner that the domain can't have is no part of another domain.
  const plain = visible.replace(/[\u200C\u200D]/g, '')
  const read = asTyped.success ? asTyped : address.safeParse(displayedLoginOf(plain))
  const message =
    read.success && read.data !== tidyLogin(typed)
      ? `Login has a character that nobody can see. Did you mean ${read.data}?`
      : (asTyped.error?.issues[0]?.message ?? noAddress)
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** Reads the tag of a language, and puts it into its canonical form: `de_DE` becomes `de-DE`. */
export const languageModel = z.string().transform((tag, context) => {
  const canonical = readLanguageTag(tag)
  if (canonical !== null) return canonical
  context.addIssue({ code: 'custom', message: `Language requires ${languageRule}.` })
  return z.NEVER
})

const models = {
  login: loginModel,
  firstName: name('First name', 1),
  lastName: name('Last name', 0),
  phone: z
    .string()
    .nullable()
    .transform(text => (text === null || text.trim() === '' ? null : text.trim()))
    .superRefine((text, context) => {
      const message = text === null ? null : phoneProblem(text)
      if (message !== null) context.addIssue({ code: 'custom', message })
    }),
  language: languageModel,
}

/** The fields of a profile that people edit, by their names. */
export const profileNames = Object.keys(models) as (keyof UserFields)[]

/**
 * Checks and tidies the fields that are given; the others stay as they are.
 *
 * @param region the account's default region, by which national phone numbers are read; null if
 *   there is none.
 * @returns the tidied fields, or every problem that was found.
 */
export const readUserFields = <Given extends Partial<UserFields>>(
  given: Given,
  region: string | null,
):
  | { fields: { [Field in keyof Given]: NonNullable<Given[Field]> | Extract<Given[Field], null> } }
  | { problems: FieldProblem[] } => {
  const fields: Record<string, unknown> = {}
  const problems: FieldProblem[] = []
  for (const [field, model] of Object.entries(models)) {
    const value = given[field as keyof UserFields]
    if (value === undefined) continue
    const parsed = model.safeParse(value)
    if (parsed.success) fields[field] = parsed.data
    else problems.push({ field, message: parsed.error.issues[0]?.message ?? 'Not valid.' })
  }
  if (typeof fields.phone === 'string') fields.phone = storedPhoneOf(fields.phone, region)
  return problems.length > 0 ? { problems } : { fields: fields as never }
}
