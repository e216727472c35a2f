import { describe, expect, it } from '@jest/globals'
import { readUsersSearch, variablesOf, writeUsersSearch } from './users-search'

describe('the address of the Users table', () => {
  it.each([
    '',
    'q=maya+l&role=ADMIN&status=BLOCKED&sort=login&dir=desc&after=abc',
    'sort=last-sign-in&before=abc',
  ])('%j is the same after it is read and written', address => {
    expect(writeUsersSearch(readUsersSearch(new URLSearchParams(address))).toString()).toBe(address)
  })

  it('ignores invalid values', () => {
    const nonsense = new URLSearchParams('role=KING&status=toString&sort=x&dir=up')
    expect(writeUsersSearch(readUsersSearch(nonsense)).toString()).toBe('')
  })

  it('requests the previous page from its end', () => {
    const back = variablesOf(readUsersSearch(new URLSearchParams('before=abc')))
    expect(back).toMatchObject({ last: 25, before: 'abc' })
    expect(back).not.toHaveProperty('first')
  })
})
