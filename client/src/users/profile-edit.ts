import type { BasicInfoFragment } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'

/** The editable fields of a profile, as the values of the form. */
export interface ProfileValues {
  login: string
  firstName: string
  lastName: string
  phone: string
  language: string
  externalId: string
}

/** An editable field of a profile. */
export type ProfileField = keyof ProfileValues

/** The names of the fields, in the order of the form. */
export const profileFieldMessages: Record<ProfileField, PlainMessageId> = {
  login: 'users.field.login',
  firstName: 'users.field.firstName',
  lastName: 'users.field.lastName',
  phone: 'users.field.phone',
  language: 'users.field.language',
  externalId: 'users.field.externalId',
}

const fields = Object.keys(profileFieldMessages) as ProfileField[]

/** A profile with the values of the form. The phone number has its readable format. */
export const valuesOf = (
  user: Pick<BasicInfoFragment, Exclude<ProfileField, 'phone'> | 'phoneFormatted'>,
): ProfileValues => ({
  login: user.login,
  firstName: user.firstName,
  lastName: user.lastName,
  phone: user.phoneFormatted ?? '',
  language: user.language,
  externalId: user.externalId ?? '',
})

/**
 * The fields of an edit to send: only the changed ones. Other users may change the rest in the
 * meantime, and the login and the external id require their own permission. An empty text clears a
 * field that is optional.
 */
export const changesOf = (base: ProfileValues, typed: ProfileValues): Partial<ProfileValues> =>
  Object.fromEntries(
    fields.filter(field => typed[field] !== base[field]).map(field => [field, typed[field]]),
  )

/** An edit, merged field by field with the edit of another user who saved first. */
export interface MergedEdit {
  /** The entered values, with those of the other user for fields that were not edited. */
  readonly values: ProfileValues
  /** The fields that both changed to different values. */
  readonly conflicts: ProfileField[]
  /** The fields that only the other user changed; their values are accepted. */
  readonly takenOver: ProfileField[]
}

/**
 * Merges an edit with the changes that another user saved in the meantime.
 *
 * @param base the values from which both edits started.
 */
export const mergeEdits = (
  base: ProfileValues,
  typed: ProfileValues,
  theirs: ProfileValues,
): MergedEdit => {
  const changedByThem = fields.filter(field => theirs[field] !== base[field])
  const takenOver = changedByThem.filter(field => typed[field] === base[field])
  return {
    values: {
      ...typed,
      ...Object.fromEntries(takenOver.map(field => [field, theirs[field]])),
    },
    conflicts: changedByThem.filter(
      field => typed[field] !== base[field] && typed[field] !== theirs[field],
    ),
    takenOver,
  }
}
