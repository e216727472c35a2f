import { describe, expect, it } from '@jest/globals'
import { renderHook } from '@testing-library/react'
import { useLocale } from '../messages/use-locale'
import {
  allowedExpiries,
  blankToken,
  blankTokenWithin,
  choosableDays,
  expiresAt,
  expiries,
  expiryInWords,
  fieldOf,
  type TokenValues,
  tokenErrors,
  tokenInput,
} from './token-form'

const { t } = renderHook(useLocale).result.current

// Late in the day, in the time zone of the test.
const now = new Date(2026, 1, 27, 23, 30)
const dayMs = 86_400_000

const named: TokenValues = { ...blankToken, name: 'Payroll' }
const through = (lastDay: string): TokenValues => ({ ...named, expiry: 'DATE', lastDay })

describe('the expiry of a token', () => {
  it('is the chosen number of days from now', () => {
    for (const expiry of ['7', '30', '90', '365'] as const) {
      const end = expiresAt({ expiry, lastDay: '' }, now)
      expect(end?.getTime()).toBe(now.getTime() + Number(expiry) * dayMs)
    }
  })

  it('is the end of the chosen day in the local time zone', () => {
    expect(expiresAt(through('2026-03-01'), now)).toEqual(new Date(2026, 2, 1, 23, 59, 59))
    // Today can be chosen, because it has not ended yet.
    expect(expiresAt(through('2026-02-27'), now)?.getTime()).toBeGreaterThan(now.getTime())
  })

  it('is unknown while no day is chosen', () => {
    expect(expiresAt(through(''), now)).toBeNull()
    expect(tokenInput(through(''), [], now)).toBeNull()
  })

  it('is never more than 366 days away, which is the limit of the API', () => {
    for (const moment of [now, new Date(2027, 1, 28, 0, 0), new Date(2028, 1, 29, 12, 0)]) {
      const { last } = choosableDays(moment)
      const end = expiresAt(through(last), moment)?.getTime() ?? Number.NaN
      expect(end - moment.getTime()).toBeLessThanOrEqual(366 * dayMs)
    }
  })
})

describe('the choices of expiry', () => {
  it('are numbers of days and a date', () => {
    expect(expiries.map(expiry => expiryInWords(t, expiry))).toEqual([
      '7 days',
      '30 days',
      '90 days',
      '365 days',
      'Until a date…',
    ])
  })
})

describe('the maximum lifetime of the account', () => {
  it('leaves out longer expiries and later days', () => {
    expect(allowedExpiries(30)).toEqual(['7', '30', 'DATE'])
    expect(blankTokenWithin(366).expiry).toBe('30')
    expect(blankTokenWithin(29).expiry).toBe('7')
    expect(blankTokenWithin(6).expiry).toBe('DATE')
    expect(choosableDays(now, 1).last).toBe('2026-02-27')
    expect(tokenErrors(t, through('2026-02-28'), now, 1)).toEqual({ lastDay: 'Choose today.' })
    expect(tokenErrors(t, through('2026-02-28'), now, 2)).toEqual({})
  })
})

describe('the last day of a token', () => {
  it('can be today or one of the next 365 days', () => {
    expect(choosableDays(now)).toEqual({ first: '2026-02-27', last: '2027-02-27' })
    expect(tokenErrors(t, through('2026-02-27'), now)).toEqual({})
    expect(tokenErrors(t, through('2027-02-27'), now)).toEqual({})
  })

  it('cannot be missing, before today or after the next 365 days', () => {
    for (const wrong of ['', '2026-02-26', '2027-02-28', '12026-02-28']) {
      expect(Object.keys(tokenErrors(t, through(wrong), now))).toEqual(['lastDay'])
    }
  })

  it('is required only if the expiry is a date', () => {
    expect(tokenErrors(t, { ...through(''), expiry: '30' }, now)).toEqual({})
  })
})

describe('the input of createApiToken', () => {
  it('has 30 days and no permissions by default', () => {
    expect(tokenInput(named, ['users.read'], now)).toEqual({
      name: 'Payroll',
      permissions: [],
      expiresAt: new Date(now.getTime() + 30 * dayMs).toISOString(),
    })
  })

  it('has the chosen permissions in their usual order', () => {
    const ticked: TokenValues = { ...named, permissions: ['operations.read', 'users.read'] }
    const held = ['users.read', 'users.manage', 'operations.read']
    expect(tokenInput(ticked, held, now)?.permissions).toEqual(['users.read', 'operations.read'])
  })

  it('leaves out permissions that the user has lost meanwhile', () => {
    const ticked: TokenValues = { ...named, permissions: ['users.read', 'users.manage'] }
    expect(tokenInput(ticked, ['users.read'], now)?.permissions).toEqual(['users.read'])
  })

  it('has a trimmed name, which is required', () => {
    expect(tokenErrors(t, { ...named, name: '  ' }, now)).toEqual({ name: 'Enter a name.' })
    expect(tokenInput({ ...named, name: ' Payroll ' }, [], now)?.name).toBe('Payroll')
  })
})

describe('an error of the API', () => {
  it('is shown at the field that set the expiry', () => {
    expect(fieldOf(['expiresAt'], named)).toEqual(['expiry'])
    expect(fieldOf(['expiresAt'], through('2026-03-01'))).toEqual(['lastDay'])
    expect(fieldOf(['name'], named)).toEqual(['name'])
  })
})
