import { describe, expect, it } from '@jest/globals'
import { safeNext, signInAddress } from './sign-in-address'

describe('the address after sign-in', () => {
  it.each([
    ['/account/users?q=maya', '/account/users?q=maya'],
    [null, '/'],
    ['', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/a\\b', '/'],
    ['/\t/evil.example', '/'],
    ['https://evil.example', '/'],
    ['/.//evil.example/a', '/'],
    ['/x/..//evil.example/a', '/'],
    ['/%2e//evil.example/a', '/'],
    ['/a//b', '/a//b'],
    ['javascript:alert(1)', '/'],
    ['/sign-in?next=/sign-in', '/'],
  ])('%j leads to %s', (next, leadsTo) => {
    expect(safeNext(next)).toBe(leadsTo)
  })

  it('is kept in the address of the sign-in page', () => {
    const address = new URL(signInAddress('/account/users?q=a&sort=login', 'ended'), 'http://x')
    expect(address.searchParams.get('reason')).toBe('ended')
    expect(safeNext(address.searchParams.get('next'))).toBe('/account/users?q=a&sort=login')
  })
})
