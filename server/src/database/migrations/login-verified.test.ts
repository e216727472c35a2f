import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { UserStatus } from '@rekey/shared/access'
import { OneTimeLinkEntity } from '../../one-time-links/one-time-link.entity.js'
import { EarlierDatabase } from '../../testing/earlier-database.js'
import { UserEntity } from '../../users/user.entity.js'
import { LoginVerified1765210048000 } from './1765210048000-login-verified.js'

let earlier: EarlierDatabase
beforeEach(async () => {
  earlier = await EarlierDatabase.before(LoginVerified1765210048000)
})
afterEach(() => earlier.remove())

const insert = async (table: string, row: Record<string, string | number | null>) => {
  const columns = Object.keys(row)
  const places = columns.map((_, index) => (earlier.throwAway ? `$${index + 1}` : '?'))
  await earlier.source.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  )
}

const insertUser = async (id: string, status: UserStatus): Promise<void> => {
  const login = `${id}@demo.example`
  await earlier.source.query(
    `INSERT INTO users (id, login, login_key, first_name, last_name, name_key, search_text, language,
      role, status, must_change_password, last_sign_in_at, version, created_at, updated_at)
      VALUES ('${id}', '${login}', '${login}', 'Some', 'One', 'some one', '${login} some one  ', 'en',
        'MEMBER', '${status}', FALSE, 0, 1, 0, 0)`,
  )
}

let operations = 0
const insertOperation = (
  subjectId: string,
  action: string,
  at: number,
  { outcome = 'DONE', changes = null }: { outcome?: string; changes?: string | null } = {},
): Promise<void> => {
  operations += 1
  return insert('operations', {
    id: `operation-${operations}`,
    at,
    action,
    outcome,
    actor_id: subjectId,
    subject_id: subjectId,
    ip: '127.0.0.1',
    user_agent: '',
    request_id: '',
    changes,
  })
}

it('takes the time of the activation, unless the login may have changed since', async () => {
  const nameEdit = '[["firstName",null,null]]'
  const loginEdit = '[["firstName",null,null],["login",null,null]]'
  for (const id of ['activated', 'renamed', 'moved', 'moved-before', 'moved-early', 'owner']) {
    await insertUser(id, 'ACTIVE')
    if (id !== 'owner') await insertOperation(id, 'ACTIVATE_USER', 2_000)
  }
  await insertUser('blocked', 'BLOCKED')
  await insertOperation('blocked', 'ACTIVATE_USER', 2_000)
  await insertUser('refused', 'INVITED')
  await insertOperation('refused', 'ACTIVATE_USER', 2_000, { outcome: 'REFUSED' })
  await insertOperation('renamed', 'UPDATE_USER', 3_000, { changes: nameEdit })
  await insertOperation('moved', 'UPDATE_USER', 3_000, { changes: loginEdit })
  await insertOperation('moved-before', 'UPDATE_USER', 1_000, { changes: loginEdit })
  // Early versions recorded no names of fields.
  await insertOperation('moved-early', 'UPDATE_USER', 3_000)

  const users = await (await earlier.upgrade()).read(unit => unit.rows(UserEntity).find())
  expect(Object.fromEntries(users.map(user => [user.id, user.loginVerifiedAt?.getTime()]))).toEqual(
    {
      activated: 2_000,
      renamed: 2_000,
      'moved-before': 2_000,
      blocked: 2_000,
      moved: undefined,
      'moved-early': undefined,
      owner: undefined,
      refused: undefined,
    },
  )
})

it('trusts pending invitations, but not pending reset links, which an operator may have', async () => {
  await insertUser('pending', 'INVITED')
  for (const purpose of ['INVITATION', 'PASSWORD_RESET']) {
    await insert('one_time_links', {
      id: purpose,
      purpose,
      token_hash: purpose,
      user_id: 'pending',
      created_at: 1,
      expires_at: 2,
      end_reason: null,
    })
  }
  const links = await (await earlier.upgrade()).read(unit => unit.rows(OneTimeLinkEntity).find())
  expect(Object.fromEntries(links.map(link => [link.purpose, link.sentToLogin]))).toEqual({
    INVITATION: true,
    PASSWORD_RESET: false,
  })
})
