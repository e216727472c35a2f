import { domainToASCII } from 'node:url'
import { readLanguageTag } from '@rekey/shared/language-tag'
import { loginKeyOf, maxLoginLength, tidyLogin, withoutInvisible } from '@rekey/shared/login'
import { z } from 'zod'
import { type Text, text } from '../messages/language.js'
import { phoneProblem, storedPhoneOf } from '../phone-numbers/phone.js'
import { displayedLoginOf } from './user-keys.js'

/** The fields of a profile that can be edited. */
export interface UserFields {
  login: string
  firstName: string
  lastName: string
  phone: string | null
  language: string
}

/** The problem with one field, worded for the person who filled it in. */
export interface FieldProblem {
  readonly field: string
  readonly message: Text
}

/**
 * Whether a text is well-formed and has one line without control characters. The line and paragraph
 * separators (U+2028, U+2029) are no control characters, but begin a new line.
 */
export const isPlainText = (text: string): boolean =>
  text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)

// Characters that reverse the direction of the text after them, so that one name looks like another.
const turnsText = (text: string): boolean => /[\u202A-\u202E\u2066-\u2069]/u.test(text)

// U+2800, the Braille blank, is the only symbol that is invisible.
const hasInk = (text: string): boolean =>
  /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text)

// Rejects characters that require quotes in an address (RFC 5322, 3.2.3), and invisible characters,
// which Punycode may contain.
const isPlainAddress = (text: string): boolean =>
  text.isWellFormed() && withoutInvisible(text) === text && !/[()<>[\]:;,\\"]/.test(text)

const domainOf = (login: string): string => login.slice(login.lastIndexOf('@') + 1)

// Mail is sent to the ASCII form of the domain. So that form must exist (UTS 46), and the key must
// contain it. A domain that UTS 46 maps to an IP address has no such form.
const hasDomain = (login: string): boolean => {
  const ascii = domainToASCII(domainOf(login))
  return ascii === domainOf(loginKeyOf(login)) && ascii.split('.').every(label => label !== '')
}

const maxNameLength = 100

/** Whether a name has no control character, and none that reverses the direction of text. */
export const isName = (name: string): boolean => isPlainText(name) && !turnsText(name)
/** A name without outer spaces; empty if it has nothing to see. */
export const tidyName = (name: string): string => (hasInk(name) ? name.normalize('NFC').trim() : '')
const isShortName = (name: string): boolean => [...name].length <= maxNameLength

/** An issue of zod with a message in the catalogues. */
const issue = (message: Text) => ({ params: { message } })

const firstName = z
  .string()
  .refine(isName, issue(text('users.error.firstNameControl')))
  .transform(tidyName)
  .refine(name => name !== '', issue(text('users.error.firstNameMissing')))
  .refine(isShortName, issue(text('users.error.firstNameTooLong', { max: maxNameLength })))

const lastName = z
  .string()
  .refine(isName, issue(text('users.error.lastNameControl')))
  .transform(tidyName)
  .refine(isShortName, issue(text('users.error.lastNameTooLong', { max: maxNameLength })))

/** What a language requires, as users and the schema read it. */
export const languageRule =
  'a language tag such as en, de-AT or pt-BR, with no more than language, script and region'

const noAddress = text('users.error.loginNoAddress')

const address = z
  .email({ pattern: z.regexes.unicodeEmail })
  .refine(isPlainAddress, issue(noAddress))
  // Mail is sent to the ASCII form, which is the longer one.
  .refine(
    login => Math.max(login.length, loginKeyOf(login).length) <= maxLoginLength,
    issue(text('users.error.loginTooLong', { max: maxLoginLength })),
  )
  .refine(hasDomain, issue(noAddress))

const loginModel = z.string().transform((typed, context) => {
  const visible = withoutInvisible(typed)
  const asTyped = address.safeParse(displayedLoginOf(visible))
  if (asTyped.success && visible === tidyLogin(typed)) return asTyped.data
  // A joiner that the domain can't have is no part of another domain.
  const plain = visible.replace(/[\u200C\u200D]/g, '')
  const read = asTyped.success ? asTyped : address.safeParse(displayedLoginOf(plain))
  const message =
    read.success && read.data !== tidyLogin(typed)
      ? text('users.error.loginInvisible', { login: read.data })
      : messageOf(asTyped.error, noAddress)
  context.addIssue({ code: 'custom', ...issue(message) })
  return z.NEVER
})

/** The message of the first issue that has one. */
export const messageOf = (error: z.ZodError | undefined, otherwise: Text): Text => {
  const [first] = error?.issues ?? []
  return first?.code === 'custom' && first.params !== undefined
    ? (first.params.message as Text)
    : otherwise
}

/** Reads a language tag and returns its canonical form: `de_DE` becomes `de-DE`. */
export const languageModel = z.string().transform((tag, context) => {
  const canonical = readLanguageTag(tag)
  if (canonical !== null) return canonical
  context.addIssue({ code: 'custom', ...issue(text('users.error.languageInvalid')) })
  return z.NEVER
})

const models = {
  login: loginModel,
  firstName,
  lastName,
  phone: z
    .string()
    .nullable()
    .transform(phone => (phone === null || phone.trim() === '' ? null : phone.trim()))
    .superRefine((phone, context) => {
      const message = phone === null ? null : phoneProblem(phone)
      if (message !== null) context.addIssue({ code: 'custom', ...issue(message) })
    }),
  language: languageModel,
}

/** The maximum length of an external id, in code points. */
export const maxExternalIdLength = 255

/** What an external id requires, as readers of the schema see it. */
export const externalIdRule = `The id of the user in another system, without control characters and at most ${maxExternalIdLength} characters long. No two users can have the same one; upper and lower case differ`

/** The maximum size of metadata, in bytes of UTF-8. */
export const maxMetadataBytes = 4_096

/** How deeply objects and lists in metadata can be nested; the object itself counts as one. */
export const maxMetadataDepth = 8

/** What metadata requires, as readers of the schema see it. */
export const metadataRule = `a JSON object of at most ${maxMetadataBytes.toLocaleString('en')} bytes in UTF-8 and ${maxMetadataDepth} levels, without the name \`__proto__\`. Numbers are stored in double precision. Never store secrets: everyone who can read the profile can read it`

/** The fields of a user that integrations store, as they are in the database. */
export interface IntegrationFields {
  externalId: string | null
  /** A JSON object as text. */
  metadata: string | null
}

/** {@link IntegrationFields} as a caller sent them. Fields that are left out stay as they are. */
export interface GivenIntegrationFields {
  readonly externalId?: string | null | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined
}

/** Reads an external id: empty means null. Undefined if it is too long or not printable. */
const readExternalId = (typed: string | null): string | null | undefined => {
  const externalId = (typed ?? '').normalize('NFC').trim()
  if (externalId === '') return null
  const fits = [...externalId].length <= maxExternalIdLength
  return fits && isPlainText(externalId) && !/\p{C}/u.test(externalId) ? externalId : undefined
}

/**
 * Whether a value is JSON within the bounds of metadata, also if it comes from a literal in a document:
 * that can have parts that JSON does not have, such as the name of an enum, which is read as
 * undefined. JavaScript gives the name `__proto__` a meaning of its own when objects are copied.
 */
const isSmallJson = (whole: unknown): boolean => {
  // Stops early: a variable that a literal repeats is larger than what was sent.
  let left = maxMetadataBytes
  const isText = (part: string) => {
    left -= part.length
    return left >= 0 && part.isWellFormed()
  }
  const isJson = (value: unknown, depth: number): boolean => {
    left -= 1
    if (left < 0) return false
    if (value === null || typeof value === 'boolean') return true
    if (typeof value === 'number') return Number.isFinite(value)
    if (typeof value === 'string') return isText(value)
    if (typeof value !== 'object' || depth > maxMetadataDepth) return false
    if (Array.isArray(value)) return value.every(part => isJson(part, depth + 1))
    return Object.entries(value).every(
      ([name, part]) => name !== '__proto__' && isText(name) && isJson(part, depth + 1),
    )
  }
  return isJson(whole, 1)
}

/** Reads metadata. Undefined if it is no JSON object that can be stored, or is too long. */
const readMetadata = (given: GivenIntegrationFields['metadata']): string | null | undefined => {
  if (given == null) return null
  if (!isSmallJson(given)) return undefined
  const json = JSON.stringify(given)
  return Buffer.byteLength(json) <= maxMetadataBytes ? json : undefined
}

/** Validates the given fields of integrations, as {@link readUserFields} does for a profile. */
export const readIntegrationFields = ({
  externalId,
  metadata,
}: GivenIntegrationFields):
  | { fields: Partial<IntegrationFields> }
  | { problems: FieldProblem[] } => {
  const fields: Partial<IntegrationFields> = {}
  const problems: FieldProblem[] = []
  if (externalId !== undefined) {
    const read = readExternalId(externalId)
    const message = text('users.error.externalIdInvalid', { max: maxExternalIdLength })
    if (read === undefined) problems.push({ field: 'externalId', message })
    else fields.externalId = read
  }
  if (metadata !== undefined) {
    const read = readMetadata(metadata)
    const bounds = { bytes: maxMetadataBytes, depth: maxMetadataDepth }
    const message = text('users.error.metadataInvalid', bounds)
    if (read === undefined) problems.push({ field: 'metadata', message })
    else fields.metadata = read
  }
  return problems.length > 0 ? { problems } : { fields }
}

/** The names of the fields that integrations store. */
export const integrationNames = ['externalId', 'metadata'] as const

/** The metadata of a user as an object; null if there is none. */
export const metadataOf = ({
  metadata,
}: Pick<IntegrationFields, 'metadata'>): Record<string, unknown> | null =>
  metadata === null ? null : JSON.parse(metadata)

/** The names of the fields of a profile that can be edited. */
export const profileNames = Object.keys(models) as (keyof UserFields)[]

/**
 * Validates and tidies the given fields. The other fields stay as they are.
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
    else problems.push({ field, message: messageOf(parsed.error, text('errors.invalid')) })
  }
  if (typeof fields.phone === 'string') fields.phone = storedPhoneOf(fields.phone, region)
  return problems.length > 0 ? { problems } : { fields: fields as never }
}
