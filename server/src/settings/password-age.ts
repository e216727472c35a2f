import { z } from 'zod'

/** How old passwords may become; settings of the whole account. */
export interface PasswordAge {
  /** Users are reminded to change a password of this many days; null if they are not. */
  readonly remindAfterDays: number | null
  /** Users must change a password of this many days; null if they need not. */
  readonly requireChangeAfterDays: number | null
  /**
   * How many hours a password works that someone else set and that the user must change; null if it
   * works until the user changes it.
   */
  readonly temporaryPasswordHours: number | null
}

/** The names of the settings. */
export const passwordAgeNames = [
  'remindAfterDays',
  'requireChangeAfterDays',
  'temporaryPasswordHours',
] as const satisfies readonly (keyof PasswordAge)[]

/** The numbers that each setting accepts. */
export const passwordAgeBounds: Record<keyof PasswordAge, { least: number; greatest: number }> = {
  remindAfterDays: { least: 7, greatest: 3650 },
  requireChangeAfterDays: { least: 7, greatest: 3650 },
  temporaryPasswordHours: { least: 1, greatest: 8760 },
}

/** The settings that apply until someone changes them. */
export const defaultPasswordAge: PasswordAge = {
  remindAfterDays: null,
  requireChangeAfterDays: null,
  temporaryPasswordHours: 72,
}

const modelOf = (name: keyof PasswordAge) => {
  const { least, greatest } = passwordAgeBounds[name]
  return z.int().min(least).max(greatest).nullable()
}

const storedModel = z
  .object({
    remindAfterDays: modelOf('remindAfterDays'),
    requireChangeAfterDays: modelOf('requireChangeAfterDays'),
    temporaryPasswordHours: modelOf('temporaryPasswordHours'),
  })
  .partial()

/**
 * The stored settings, completed by the defaults.
 *
 * @throws Error if the stored value is invalid. To use the defaults instead would switch off what
 * someone has switched on.
 */
export const passwordAgeOf = (stored: string | null): PasswordAge => {
  const kept = stored === null ? {} : storedModel.parse(JSON.parse(stored))
  return { ...defaultPasswordAge, ...kept } as PasswordAge
}
