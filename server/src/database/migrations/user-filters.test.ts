import { afterEach, beforeEach, expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { EarlierDatabase } from '../../testing/earlier-database.js'
import { UserFilters1765300058000 } from './1765300058000-user-filters.js'

let earlier: EarlierDatabase
beforeEach(async () => {
  earlier = await EarlierDatabase.before(UserFilters1765300058000)
})
afterEach(() => earlier.remove())

it('finds the second factors of users of an earlier version', async () => {
  for (const id of ['with', 'without']) {
    await earlier.source.query(
      `INSERT INTO users (id, login, login_key, first_name, last_name, name_key, search_text, language,
        role, status, must_change_password, last_sign_in_at, version, created_at, updated_at)
        VALUES ('${id}', '${id}@demo.example', '${id}@demo.example', 'Some', 'One', 'some one',
          '${id}@demo.example some one  ', 'en', 'MEMBER', 'ACTIVE', FALSE, 0, 1, 0, 0)`,
    )
  }
  await earlier.source.query(
    `INSERT INTO second_factors (id, user_id, method, name, created_at)
      VALUES ('one', 'with', 'TOTP', 'Phone', 0)`,
  )
  const upgraded = await earlier.upgrade()
  const holders = await upgraded.read(unit =>
    unit.query<{ id: string }>(SQL`SELECT id FROM users WHERE has_second_factor`),
  )
  expect(holders).toEqual([{ id: 'with' }])
})
