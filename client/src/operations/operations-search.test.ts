import { describe, expect, it } from '@jest/globals'
import { localeOutside } from '../messages/use-locale'
import {
  daysOf,
  exportAddressOf,
  filterOf,
  filterProblemsOf,
  operationsAddress,
  type Period,
  periodOf,
  readOperationsSearch,
  tokenPrefixOf,
  variablesOf,
  writeOperationsSearch,
} from './operations-search'

describe('the URL of the operation list', () => {
  it('contains all filters and the page', () => {
    const address =
      'action=LOG_IN&outcome=REFUSED&actor=a&subject=b&ip=10.0.0.1&token=rk_live_Ab3dEf&from=2026-01-02&to=2026-01-03&after=c'
    const search = readOperationsSearch(new URLSearchParams(address))
    expect(writeOperationsSearch(search).toString()).toBe(address)
  })

  it('ignores unknown values', () => {
    const search = readOperationsSearch(
      new URLSearchParams('action=STEAL&outcome=toString&from=yesterday&to=2026-99-99'),
    )
    expect(writeOperationsSearch(search).toString()).toBe('')
    expect(variablesOf(search)).toEqual({ first: 25, after: null, filter: {} })
  })

  it('contains only the prefix of an API token', () => {
    const whole = `rk_live_Ab3dEf${'s3cret'.repeat(5)}`
    expect(tokenPrefixOf(` ${whole}\n`)).toBe('rk_live_Ab3dEf')
    const search = readOperationsSearch(new URLSearchParams({ token: whole }))
    expect(writeOperationsSearch(search).toString()).toBe('token=rk_live_Ab3dEf')
    expect(filterOf(search)).toEqual({ apiTokenPrefix: 'rk_live_Ab3dEf' })
  })

  it('includes the whole last day', () => {
    const search = readOperationsSearch(new URLSearchParams('from=2026-01-31&to=2026-01-31'))
    const { from = '', until = '' } = filterOf(search)
    expect(Date.parse(until) - Date.parse(from)).toBe(24 * 60 * 60 * 1000)
  })

  it.each([
    ['ip=203.0.113.7', {}],
    ['ip=::ffff:203.0.113.7', {}],
    ['ip=2001:DB8::1', {}],
    ['ip=fe80::1%25eth0', {}],
    ['ip=command+line', {}],
    ['ip=+unknown+', {}],
    ['ip=+', {}],
    ['ip=nonsense', { ip: 'Enter an IP address, such as 203.0.113.7.' }],
    ['ip=203.0.113', { ip: 'Enter an IP address, such as 203.0.113.7.' }],
    ['ip=010.0.0.1', { ip: 'Enter an IP address, such as 203.0.113.7.' }],
    ['ip=10.0.0.0/8', { ip: 'Enter an IP address, such as 203.0.113.7.' }],
    ['ip=1.2.3.4:80', { ip: 'Enter an IP address, such as 203.0.113.7.' }],
    ['ip=::1]/x', { ip: 'Enter an IP address, such as 203.0.113.7.' }],
    ['from=2026-01-02&to=2026-01-02', {}],
    [
      'from=2026-01-02&to=2026-01-01',
      { to: 'The last day is before the first day. Choose a later day.' },
    ],
  ])('reports what the API would reject: %s', (address, problems) => {
    const search = readOperationsSearch(new URLSearchParams(address))
    expect(filterProblemsOf(localeOutside().t, search)).toEqual(problems)
  })

  it('can be converted to the URL of the CSV export', () => {
    const search = readOperationsSearch(new URLSearchParams('action=LOG_IN&subject=b&after=c'))
    expect(exportAddressOf(search, 'de')).toBe(
      '/operations.csv?actions=LOG_IN&subjectId=b&language=de',
    )
  })
})

describe('a period of the operation list', () => {
  const now = new Date(2026, 2, 1, 0, 30)

  it.each([
    ['TODAY', { from: '2026-03-01', to: '2026-03-01' }],
    ['WEEK', { from: '2026-02-23', to: '2026-03-01' }],
    ['MONTH', { from: '2026-01-31', to: '2026-03-01' }],
  ] as [Period, { from: string; to: string }][])('%s ends today', (period, days) => {
    expect(daysOf(period, now)).toEqual(days)
    expect(periodOf(days, now)).toBe(period)
    // The same URL leads to the same days later, but they are no longer this period.
    expect(periodOf(days, new Date(2026, 2, 2))).toBeNull()
  })

  it('is none if only one day is chosen, or none', () => {
    expect(periodOf({ from: '', to: '' }, now)).toBeNull()
    expect(periodOf({ from: '2026-03-01', to: '' }, now)).toBeNull()
  })
})

describe('the address of a filtered list', () => {
  it('has the filters, and starts at the first page', () => {
    expect(operationsAddress({ actor: 'a', outcome: 'REFUSED' })).toBe(
      '/account/operations?outcome=REFUSED&actor=a',
    )
  })
})
