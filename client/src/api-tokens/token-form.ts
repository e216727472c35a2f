import { type Permission, permissions } from '@rekey/shared/access'
import type { FormikErrors } from 'formik'
import type { CreateApiTokenInput } from '../gql/graphql'

/** For how long a token works: so many days, or through a day that is chosen. */
export type Expiry = '7' | '30' | '90' | '365' | 'DATE'

/** The lengths that can be chosen, in words, the shortest first. */
export const expiryOptions: { readonly value: Expiry; readonly label: string }[] = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '365 days' },
  { value: 'DATE', label: 'Until a date…' },
]

/** What one fills in of a token. */
export interface TokenValues {
  readonly name: string
  readonly expiry: Expiry
  /** The last day on which it works, as a date field gives it; empty while none is chosen. */
  readonly lastDay: string
  readonly permissions: readonly Permission[]
}

/** A token nobody has filled in. */
export const blankToken: TokenValues = { name: '', expiry: '30', lastDay: '', permissions: [] }

/** The longest name, in characters. */
export const longestName = 100

const dayMs = 86_400_000

/** A day where the person is, as a date field takes it. */
const dayOf = (date: Date): string =>
  [
    String(date.getFullYear()).padStart(4, '0'),
    String(date.getMonth() + 1).padStart(2, '0'),
    String(date.getDate()).padStart(2, '0'),
  ].join('-')

/**
 * The first and the last day that can be chosen: today, and 365 days on. The API takes 366
 * days at most, which the end of that day is never beyond.
 */
export const choosableDays = (now: Date): { readonly first: string; readonly last: string } => {
  const last = new Date(now)
  last.setDate(last.getDate() + 365)
  return { first: dayOf(now), last: dayOf(last) }
}

/** When the token would stop working; null while that is not known. */
export const expiresAt = (
  { expiry, lastDay }: Pick<TokenValues, 'expiry' | 'lastDay'>,
  now: Date,
): Date | null => {
  if (expiry !== 'DATE') return new Date(now.getTime() + Number(expiry) * dayMs)
  // The end of the day where the person is.
  const end = new Date(`${lastDay}T23:59:59`)
  return Number.isNaN(end.getTime()) ? null : end
}

const missingDay = ({ expiry, lastDay }: TokenValues, now: Date): string | null => {
  if (expiry !== 'DATE') return null
  if (expiresAt({ expiry, lastDay }, now) === null) return 'Choose a date.'
  const { first, last } = choosableDays(now)
  if (lastDay < first) return 'Choose a day that is still to come.'
  // Years of five digits come before those of four, as texts.
  return lastDay.length > last.length || lastDay > last
    ? 'Choose a day of the coming 365 days.'
    : null
}

/** What is wrong with a token before it is asked for, by field. */
export const tokenErrors = (values: TokenValues, now: Date): FormikErrors<TokenValues> => {
  const day = missingDay(values, now)
  return {
    ...(values.name.trim() === '' ? { name: 'Enter a name.' } : {}),
    ...(day === null ? {} : { lastDay: day }),
  }
}

/**
 * What is asked for of the API.
 *
 * @param held what the person holds: a permission that was taken from them after they ticked
 * it is no longer on the form, and is left out.
 * @returns null while it is not known when the token would stop working.
 */
export const tokenInput = (
  values: TokenValues,
  held: readonly string[],
  now: Date,
): CreateApiTokenInput | null => {
  const end = expiresAt(values, now)
  return end === null
    ? null
    : {
        name: values.name.trim(),
        permissions: permissions.filter(
          permission => values.permissions.includes(permission) && held.includes(permission),
        ),
        expiresAt: end.toISOString(),
      }
}

/** The field of the form that an error of the API belongs to, by the field of its input. */
export const fieldOf = (path: readonly string[], { expiry }: TokenValues): readonly string[] =>
  path[0] === 'expiresAt' ? [expiry === 'DATE' ? 'lastDay' : 'expiry'] : path
