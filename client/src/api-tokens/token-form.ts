import { type Permission, permissions } from '@rekey/shared/access'
import type { FormikErrors } from 'formik'
import type { CreateApiTokenInput } from '../gql/graphql'
import type { Translate } from '../messages/locale'

/** When a token expires: after a number of days, or at the end of a chosen day. */
export type Expiry = '7' | '30' | '90' | '365' | 'DATE'

/** The choices of expiry, shortest first. */
export const expiries: readonly Expiry[] = ['7', '30', '90', '365', 'DATE']

/** The maximum lifetime of a token in days, if the account has no shorter one. */
export const greatestDays = 366

/** The choices of expiry that the maximum lifetime allows. */
export const allowedExpiries = (maxDays: number): readonly Expiry[] =>
  expiries.filter(expiry => expiry === 'DATE' || Number(expiry) <= maxDays)

/** A choice of expiry as text. */
export const expiryInWords = (t: Translate, expiry: Expiry): string =>
  expiry === 'DATE'
    ? t('api-tokens.expiry.date')
    : t('api-tokens.expiry.days', { days: Number(expiry) })

/** The fields of the form. */
export interface TokenValues {
  readonly name: string
  readonly expiry: Expiry
  /** The last day on which the token is valid, as YYYY-MM-DD; empty if no day is chosen. */
  readonly lastDay: string
  readonly permissions: readonly Permission[]
}

/** The initial values of the form. */
export const blankToken: TokenValues = { name: '', expiry: '30', lastDay: '', permissions: [] }

/** The initial values, with the longest allowed expiry of at most 30 days. */
export const blankTokenWithin = (maxDays: number): TokenValues => {
  const expiry = allowedExpiries(Math.min(maxDays, 30)).findLast(choice => choice !== 'DATE')
  return { ...blankToken, expiry: expiry ?? 'DATE' }
}

/** The maximum length of a name, in characters. */
export const maxNameLength = 100

const dayMs = 86_400_000

/** A day in the local time zone, as YYYY-MM-DD. */
const dayOf = (date: Date): string =>
  [
    String(date.getFullYear()).padStart(4, '0'),
    String(date.getMonth() + 1).padStart(2, '0'),
    String(date.getDate()).padStart(2, '0'),
  ].join('-')

/**
 * The first and the last day that can be chosen: today, and the day on whose end the maximum
 * lifetime is not exceeded.
 */
export const choosableDays = (
  now: Date,
  maxDays = greatestDays,
): { readonly first: string; readonly last: string } => {
  const last = new Date(now)
  last.setDate(last.getDate() + maxDays - 1)
  return { first: dayOf(now), last: dayOf(last) }
}

/** When the token expires; null if no valid day is chosen. */
export const expiresAt = (
  { expiry, lastDay }: Pick<TokenValues, 'expiry' | 'lastDay'>,
  now: Date,
): Date | null => {
  if (expiry !== 'DATE') return new Date(now.getTime() + Number(expiry) * dayMs)
  // The end of the day in the local time zone.
  const end = new Date(`${lastDay}T23:59:59`)
  return Number.isNaN(end.getTime()) ? null : end
}

const missingDay = (
  { expiry, lastDay }: TokenValues,
  now: Date,
  maxDays: number,
):
  | 'api-tokens.errors.noDate'
  | 'api-tokens.errors.tooEarly'
  | 'api-tokens.errors.tooLate'
  | null => {
  if (expiry !== 'DATE') return null
  if (expiresAt({ expiry, lastDay }, now) === null) return 'api-tokens.errors.noDate'
  const { first, last } = choosableDays(now, maxDays)
  if (lastDay < first) return 'api-tokens.errors.tooEarly'
  // Years of five digits sort before those of four, as text.
  return lastDay.length > last.length || lastDay > last ? 'api-tokens.errors.tooLate' : null
}

/** Validates the form. Returns an error for each invalid field. */
export const tokenErrors = (
  t: Translate,
  values: TokenValues,
  now: Date,
  maxDays = greatestDays,
): FormikErrors<TokenValues> => {
  const day = missingDay(values, now, maxDays)
  return {
    ...(values.name.trim() === '' ? { name: t('api-tokens.errors.noName') } : {}),
    ...(day === null ? {} : { lastDay: t(day, { days: maxDays - 1 }) }),
  }
}

/**
 * The input of createApiToken.
 *
 * @param held the permissions of the user. Chosen permissions that the user has lost since are
 * left out.
 * @returns null if no valid expiry is chosen.
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

/** Maps the path of an API error to the field of the form. */
export const fieldOf = (path: readonly string[], { expiry }: TokenValues): readonly string[] =>
  path[0] === 'expiresAt' ? [expiry === 'DATE' ? 'lastDay' : 'expiry'] : path
