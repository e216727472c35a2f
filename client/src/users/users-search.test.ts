import { describe, expect, it } from '@jest/globals'
import {
  exportAddressOf,
  firstRowOf,
  readUsersSearch,
  variablesOf,
  writeUsersSearch,
} from './users-search'

const read = (address: string) => readUsersSearch(new URLSearchParams(address))

describe('the address of the Users table', () => {
  it.each([
    '',
    'q=maya+l&role=ADMIN&status=BLOCKED&sort=login&dir=desc&after=abc',
    'sort=last-sign-in&before=abc',
    'secondFactor=none',
    'passwordOlderThan=45&secondFactor=any',
    'password=must-change&after=abc&row=26',
  ])('%j is the same after it is read and written', address => {
    expect(writeUsersSearch(read(address)).toString()).toBe(address)
  })

  it.each([
    'role=KING&status=toString&sort=x&dir=up',
    'secondFactor=two&passwordOlderThan=0',
    'passwordOlderThan=36501',
    'passwordOlderThan=1e3&row=-1',
  ])('ignores the invalid values of %j', nonsense => {
    expect(writeUsersSearch(read(nonsense)).toString()).toBe('')
  })

  it('requests the previous page from its end', () => {
    const back = variablesOf(read('before=abc'), 50)
    expect(back).toMatchObject({ last: 50, before: 'abc' })
    expect(back).not.toHaveProperty('first')
  })

  it('filters by second factors and by the age of the password', () => {
    const filterOf = (address: string) => variablesOf(read(address), 25).filter
    expect(filterOf('secondFactor=none')).toMatchObject({ hasSecondFactor: false })
    expect(filterOf('secondFactor=any')).toMatchObject({ hasSecondFactor: true })
    expect(filterOf('')).toMatchObject({ hasSecondFactor: null, passwordOlderThanDays: null })
    expect(filterOf('passwordOlderThan=90')).toMatchObject({ passwordOlderThanDays: 90 })
  })
})

describe('the address of the export', () => {
  it.each([
    ['', '/users.csv?language=de'],
    ['after=abc&sort=login', '/users.csv?language=de'],
    ['q=a+b%26c', '/users.csv?search=a+b%26c&language=de'],
    [
      'role=ADMIN&status=BLOCKED&password=must-change&secondFactor=none',
      '/users.csv?roles=ADMIN&statuses=BLOCKED&mustChangePassword=true&hasSecondFactor=false&language=de',
    ],
    ['passwordOlderThan=90', '/users.csv?passwordOlderThanDays=90&language=de'],
  ])('for %j is %j', (address, expected) => {
    expect(exportAddressOf(read(address), 'de')).toBe(expected)
  })
})

describe('the number of the first user on a page', () => {
  const page = { shown: 25, total: 312, hasPreviousPage: true, hasNextPage: true }

  it('is the one in the address', () => {
    expect(firstRowOf({ ...page, search: read('after=abc&row=26') })).toBe(26)
    expect(firstRowOf({ ...page, search: read('after=abc') })).toBeNull()
  })

  it('is right on the first and on the last page, whatever the address says', () => {
    const search = read('before=abc&row=7')
    expect(firstRowOf({ ...page, search, hasPreviousPage: false })).toBe(1)
    expect(firstRowOf({ ...page, search, hasNextPage: false, shown: 12 })).toBe(301)
  })
})
