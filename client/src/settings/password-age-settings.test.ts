import { describe, expect, it } from '@jest/globals'
import { ageChangesOf, ageValuesOf, validateAge } from './password-age-settings'

const off = { remindAfterDays: null, requireChangeAfterDays: null, temporaryPasswordHours: null }
const valuesOf = (changed: Partial<Record<keyof typeof off, number>>) =>
  ageValuesOf({ ...off, ...changed })
/** The errors of the form, with the ids of their messages. */
const errorsOf = validateAge(((id: string) => id) as never)

describe('the form of the age of passwords', () => {
  it('sends only the settings that were changed, and null for one that was switched off', () => {
    const saved = valuesOf({ remindAfterDays: 90, temporaryPasswordHours: 72 })
    expect(ageChangesOf(saved, saved)).toEqual({})
    expect(ageChangesOf(saved, { ...saved, remindAfterDays: ' 60 ' })).toEqual({
      remindAfterDays: 60,
    })
    const enabled = { ...saved.enabled, temporaryPasswordHours: false }
    expect(ageChangesOf(saved, { ...saved, enabled })).toEqual({ temporaryPasswordHours: null })
  })

  it('offers a number for each setting that is switched on', () => {
    const saved = valuesOf({})
    const enabled = {
      remindAfterDays: true,
      requireChangeAfterDays: true,
      temporaryPasswordHours: true,
    }
    const edited = { ...saved, enabled }
    expect(errorsOf(edited)).toEqual({})
    expect(ageChangesOf(saved, edited)).toEqual({
      remindAfterDays: 90,
      requireChangeAfterDays: 365,
      temporaryPasswordHours: 72,
    })
  })

  it.each(['', '6', '3651', '7.5', '-7', 'x'])('rejects “%s” as a number of days', typed => {
    const values = { ...valuesOf({ remindAfterDays: 90 }), remindAfterDays: typed }
    expect(errorsOf(values)).toEqual({ remindAfterDays: 'password-policy.bound.range' })
  })

  it('ignores the number of a setting that is switched off', () => {
    expect(errorsOf({ ...valuesOf({}), remindAfterDays: 'x' })).toEqual({})
  })

  it('rejects a reminder that comes as late as the required change', () => {
    expect(errorsOf(valuesOf({ remindAfterDays: 90, requireChangeAfterDays: 90 }))).toEqual({
      remindAfterDays: 'settings.passwordAge.remindTooLate',
    })
    expect(errorsOf(valuesOf({ remindAfterDays: 90, requireChangeAfterDays: 91 }))).toEqual({})
  })
})
