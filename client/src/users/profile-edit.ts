import type { BasicInfoFragment } from '../gql/graphql'

/** The fields of a profile that one edits, as a form holds them. */
export interface ProfileValues {
  login: string
  firstName: string
  lastName: string
  phone: string
  language: string
}

/** A field of a profile that one edits. */
export type ProfileField = keyof ProfileValues

/** The fields in words, in the order of the form. */
export const profileFieldNames: Record<ProfileField, string> = {
  login: 'Login',
  firstName: 'First name',
  lastName: 'Last name',
  phone: 'Phone',
  language: 'Language',
}

const fields = Object.keys(profileFieldNames) as ProfileField[]

/** A profile as the form holds it: the phone number as people read it. */
export const valuesOf = (
  user: Pick<BasicInfoFragment, Exclude<ProfileField, 'phone'> | 'phoneFormatted'>,
): ProfileValues => ({
  login: user.login,
  firstName: user.firstName,
  lastName: user.lastName,
  phone: user.phoneFormatted ?? '',
  language: user.language,
})

/**
 * What to send of an edit: only what was changed. The rest may be changed by others
 * meanwhile, and the login takes a right of its own.
 */
export const changesOf = (base: ProfileValues, typed: ProfileValues) => ({
  ...(typed.login === base.login ? {} : { login: typed.login }),
  ...(typed.firstName === base.firstName ? {} : { firstName: typed.firstName }),
  ...(typed.lastName === base.lastName ? {} : { lastName: typed.lastName }),
  ...(typed.phone === base.phone ? {} : { phone: typed.phone.trim() === '' ? null : typed.phone }),
  ...(typed.language === base.language ? {} : { language: typed.language }),
})

/** An edit and someone else's that came first, field by field. */
export interface MergedEdit {
  /** What was typed, with theirs where nothing was. */
  readonly values: ProfileValues
  /** Changed by both, and not to the same. */
  readonly conflicts: ProfileField[]
  /** Changed by them alone, and taken over. */
  readonly takenOver: ProfileField[]
}

/**
 * Merges an edit with what someone else saved meanwhile.
 *
 * @param base what both began from.
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
