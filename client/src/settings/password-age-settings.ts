import { graphql } from '../gql'
import type { PasswordAgeFieldsFragment, UpdatePasswordAgeInput } from '../gql/graphql'
import type { PlainMessageId, Translate } from '../messages/locale'

graphql(`
  fragment PasswordAgeFields on PasswordAgeSettings {
    remindAfterDays
    requireChangeAfterDays
    temporaryPasswordHours
  }
`)

/** How old passwords may become. */
export const PasswordAge = graphql(`
  query PasswordAge {
    passwordAgeSettings {
      ...PasswordAgeFields
    }
  }
`)

/** Changes some of the settings. */
export const UpdatePasswordAge = graphql(`
  mutation UpdatePasswordAge($input: UpdatePasswordAgeInput!) {
    updatePasswordAge(input: $input) {
      settings {
        ...PasswordAgeFields
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

/** The settings in the order in which the form shows them. */
export const ageNames = [
  'remindAfterDays',
  'requireChangeAfterDays',
  'temporaryPasswordHours',
] as const

/** The name of a setting. */
export type AgeName = (typeof ageNames)[number]

/** A setting in the form: its texts, its limits, and the number that it gets when it is switched on. */
interface AgeField {
  readonly title: PlainMessageId
  readonly hint: PlainMessageId
  readonly unit: PlainMessageId
  readonly least: number
  readonly greatest: number
  readonly usual: number
}

/** The settings in the form. */
export const ageFields: Record<AgeName, AgeField> = {
  remindAfterDays: {
    title: 'settings.passwordAge.remind',
    hint: 'settings.passwordAge.remindHint',
    unit: 'settings.passwordAge.days',
    least: 7,
    greatest: 3650,
    usual: 90,
  },
  requireChangeAfterDays: {
    title: 'settings.passwordAge.require',
    hint: 'settings.passwordAge.requireHint',
    unit: 'settings.passwordAge.days',
    least: 7,
    greatest: 3650,
    usual: 365,
  },
  temporaryPasswordHours: {
    title: 'settings.passwordAge.temporary',
    hint: 'settings.passwordAge.temporaryHint',
    unit: 'settings.passwordAge.hours',
    least: 1,
    greatest: 8760,
    usual: 72,
  },
}

/** The form: the number of each setting as typed, and which settings are switched on. */
export type AgeValues = Record<AgeName, string> & { enabled: Record<AgeName, boolean> }

/** The values of the form for these settings. */
export const ageValuesOf = (settings: PasswordAgeFieldsFragment): AgeValues => ({
  remindAfterDays: String(settings.remindAfterDays ?? ageFields.remindAfterDays.usual),
  requireChangeAfterDays: String(
    settings.requireChangeAfterDays ?? ageFields.requireChangeAfterDays.usual,
  ),
  temporaryPasswordHours: String(
    settings.temporaryPasswordHours ?? ageFields.temporaryPasswordHours.usual,
  ),
  enabled: {
    remindAfterDays: settings.remindAfterDays != null,
    requireChangeAfterDays: settings.requireChangeAfterDays != null,
    temporaryPasswordHours: settings.temporaryPasswordHours != null,
  },
})

/** The number of a setting; null if it is switched off, undefined if the number is not allowed. */
const typedAgeOf = (values: AgeValues, name: AgeName): number | null | undefined => {
  if (!values.enabled[name]) return null
  const typed = values[name].trim()
  if (!/^\d{1,4}$/.test(typed)) return undefined
  const number = Number(typed)
  const { least, greatest } = ageFields[name]
  return number < least || number > greatest ? undefined : number
}

/** The errors of the form. */
export const validateAge =
  (t: Translate) =>
  (values: AgeValues): Partial<Record<AgeName, string>> => {
    const errors: Partial<Record<AgeName, string>> = {}
    for (const name of ageNames) {
      if (typedAgeOf(values, name) !== undefined) continue
      const { least, greatest } = ageFields[name]
      errors[name] = t('password-policy.bound.range', { least, greatest })
    }
    const remind = typedAgeOf(values, 'remindAfterDays')
    const required = typedAgeOf(values, 'requireChangeAfterDays')
    if (remind != null && required != null && remind >= required) {
      errors.remindAfterDays = t('settings.passwordAge.remindTooLate')
    }
    return errors
  }

/** The settings that differ. Another administrator may be changing the others. */
export const ageChangesOf = (saved: AgeValues, edited: AgeValues): UpdatePasswordAgeInput =>
  Object.fromEntries(
    ageNames.flatMap(name => {
      const number = typedAgeOf(edited, name)
      return number === undefined || number === typedAgeOf(saved, name) ? [] : [[name, number]]
    }),
  )
