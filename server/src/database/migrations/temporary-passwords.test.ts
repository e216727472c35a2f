import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { EarlierDatabase } from '../../testing/earlier-database.js'
import { UserEntity } from '../../users/user.entity.js'
import { TemporaryPasswords1765300066000 } from './1765300066000-temporary-passwords.js'

let earlier: EarlierDatabase
beforeEach(async () => {
  earlier = await EarlierDatabase.before(TemporaryPasswords1765300066000)
})
afterEach(() => earlier.remove())

const insertUser = (id: string, mustChange: boolean): Promise<unknown> => {
  const login = `${id}@demo.example`
  return earlier.source.query(
    `INSERT INTO users (id, login, login_key, first_name, last_name, name_key, search_text, language,
      role, status, must_change_password, password_hash, password_changed_at, last_sign_in_at,
      version, created_at, updated_at)
      VALUES ('${id}', '${login}', '${login}', 'Some', 'One', 'some one', '${login} some one  ', 'en',
        'MEMBER', 'ACTIVE', ${mustChange ? 'TRUE' : 'FALSE'}, 'hash', 5000, 0, 1, 0, 0)`,
  )
}

const insertRequirement = (id: string, at: number, outcome: string): Promise<unknown> =>
  earlier.source.query(
    `INSERT INTO operations (id, at, action, outcome, actor_id, subject_id, ip, user_agent, request_id)
      VALUES ('operation-${id}', ${at}, 'REQUIRE_PASSWORD_CHANGE', '${outcome}', '${id}', '${id}',
        '127.0.0.1', '', '')`,
  )

it('finds the passwords that someone else set, unless the change was required afterwards', async () => {
  await insertUser('free', false)
  await insertUser('given', true)
  for (const id of ['required', 'refused', 'given-later']) await insertUser(id, true)
  await insertRequirement('required', 6_000, 'DONE')
  await insertRequirement('refused', 6_000, 'REFUSED')
  await insertRequirement('given-later', 4_000, 'DONE')
  const database = await earlier.upgrade()
  const users = await database.read(unit => unit.rows(UserEntity).find())
  expect(Object.fromEntries(users.map(user => [user.id, user.passwordTemporary]))).toEqual({
    free: false,
    given: true,
    required: false,
    refused: true,
    'given-later': true,
  })
})
