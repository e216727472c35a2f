import { describe, expect, it } from '@jest/globals'
import { readPreferences } from './table-preferences'

const atFirst = { columns: ['PHONE', 'ROLE', 'STATUS', 'LAST_SIGN_IN'], pageSize: 25 }

describe('the stored preferences of the Users table', () => {
  it('are read in the order of the columns', () => {
    const stored = JSON.stringify({ columns: ['ADDED', 'PHONE'], pageSize: 100 })
    expect(readPreferences(stored)).toEqual({ columns: ['PHONE', 'ADDED'], pageSize: 100 })
    expect(readPreferences('{"columns":[]}')).toEqual({ columns: [], pageSize: 25 })
  })

  it.each([null, '', 'null', '[]', '7', '{"columns":7,"pageSize":1000000}', '{"columns":'])(
    'are the usual ones if %j is stored',
    stored => {
      expect(readPreferences(stored)).toEqual(atFirst)
    },
  )

  it('ignore unknown columns', () => {
    const stored = JSON.stringify({ columns: ['toString', 'ROLE', null, 3] })
    expect(readPreferences(stored).columns).toEqual(['ROLE'])
  })
})
