import { describe, expect, it } from '@jest/globals'
import {
  blankToken,
  choosableDays,
  expiresAt,
  fieldOf,
  type TokenValues,
  tokenErrors,
  tokenInput,
} from './token-form'

// A moment late in the day, where the tests run.
const now = new Date(2026, 1, 27, 23, 30)
const dayMs = 86_400_000

const named: TokenValues = { ...blankToken, name: 'Payroll' }
const through = (lastDay: string): TokenValues => ({ ...named, expiry: 'DATE', lastDay })

describe('when a token stops working', () => {
  it('is so many days from now, to the moment', () => {
    for (const expiry of ['7', '30', '90', '365'] as const) {
      const end = expiresAt({ expiry, lastDay: '' }, now)
      expect(end?.getTime()).toBe(now.getTime() + Number(expiry) * dayMs)
    }
  })

  it('is the end of the day that was chosen, where the person is', () => {
    expect(expiresAt(through('2026-03-01'), now)).toEqual(new Date(2026, 2, 1, 23, 59, 59))
    // Today is not over yet.
    expect(expiresAt(through('2026-02-27'), now)?.getTime()).toBeGreaterThan(now.getTime())
  })

  it('is not known while no day is chosen', () => {
    expect(expiresAt(through(''), now)).toBeNull()
    expect(tokenInput(through(''), [], now)).toBeNull()
  })

  it('is at most the 366 days away that the API takes, whatever the hour and the year', () => {
    for (const moment of [now, new Date(2027, 1, 28, 0, 0), new Date(2028, 1, 29, 12, 0)]) {
      const { last } = choosableDays(moment)
      const end = expiresAt(through(last), moment)?.getTime() ?? Number.NaN
      expect(end - moment.getTime()).toBeLessThanOrEqual(366 * dayMs)
    }
  })
})

describe('the days that can be chosen', () => {
  it('are today and the 365 that follow', () => {
    expect(choosableDays(now)).toEqual({ first: '2026-02-27', last: '2027-02-27' })
    expect(tokenErrors(through('2026-02-27'), now)).toEqual({})
    expect(tokenErrors(through('2027-02-27'), now)).toEqual({})
  })

  it('are none before, none beyond, and one of them', () => {
    for (const wrong of ['', '2026-02-26', '2027-02-28', '12026-02-28']) {
      expect(Object.keys(tokenErrors(through(wrong), now))).toEqual(['lastDay'])
    }
  })

  it('are asked for only where a day is to be chosen', () => {
    expect(tokenErrors({ ...through(''), expiry: '30' }, now)).toEqual({})
  })
})

describe('what is asked for of the API', () => {
  it('lasts 30 days and may do nothing, unless told otherwise', () => {
    expect(tokenInput(named, ['users.read'], now)).toEqual({
      name: 'Payroll',
      permissions: [],
      expiresAt: new Date(now.getTime() + 30 * dayMs).toISOString(),
    })
  })

  it('has the permissions that were ticked, in their usual order', () => {
    const ticked: TokenValues = { ...named, permissions: ['operations.read', 'users.read'] }
    const held = ['users.read', 'users.manage', 'operations.read']
    expect(tokenInput(ticked, held, now)?.permissions).toEqual(['users.read', 'operations.read'])
  })

  it('leaves out what was taken from the person meanwhile', () => {
    const ticked: TokenValues = { ...named, permissions: ['users.read', 'users.manage'] }
    expect(tokenInput(ticked, ['users.read'], now)?.permissions).toEqual(['users.read'])
  })

  it('has a name, without the space round it', () => {
    expect(tokenErrors({ ...named, name: '  ' }, now)).toEqual({ name: 'Enter a name.' })
    expect(tokenInput({ ...named, name: ' Payroll ' }, [], now)?.name).toBe('Payroll')
  })
})

describe('what the API finds wrong', () => {
  it('of the expiry belongs to the field that was used for it', () => {
    expect(fieldOf(['expiresAt'], named)).toEqual(['expiry'])
    expect(fieldOf(['expiresAt'], through('2026-03-01'))).toEqual(['lastDay'])
    expect(fieldOf(['name'], named)).toEqual(['name'])
  })
})
