import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { OneTimeLinkEntity } from '../../one-time-links/one-time-link.entity.js'
import { EarlierDatabase } from '../../testing/earlier-database.js'
import { UserEntity } from '../../users/user.entity.js'
import { LinkCreators1765280056000 } from './1765280056000-link-creators.js'

let earlier: EarlierDatabase
beforeEach(async () => {
  earlier = await EarlierDatabase.before(LinkCreators1765280056000)
})
afterEach(() => earlier.remove())

const insertUser = (id: string) =>
  earlier.source.query(
    `INSERT INTO users (id, login, login_key, first_name, last_name, name_key, search_text, language,
      role, status, must_change_password, last_sign_in_at, version, created_at, updated_at)
      VALUES ('${id}', '${id}@demo.example', '${id}@demo.example', 'Some', 'One', 'some one', '', 'en',
        'MEMBER', 'ACTIVE', FALSE, 0, 1, 0, 0)`,
  )

it('ends links that were handed over, and no others', async () => {
  await insertUser('someone')
  const links = [
    ['sent', 'PASSWORD_RESET', true],
    ['handed-over', 'PASSWORD_RESET', false],
    ['invitation', 'INVITATION', false],
    ['setup', 'SETUP', false],
  ] as const
  for (const [id, purpose, sent] of links) {
    await earlier.source.query(
      `INSERT INTO one_time_links (id, purpose, token_hash, user_id, sent_to_login, created_at, expires_at)
        VALUES ('${id}', '${purpose}', '${id}', ${purpose === 'SETUP' ? 'NULL' : "'someone'"}, ${sent}, 1, 2)`,
    )
  }
  const rows = await (await earlier.upgrade()).read(unit => unit.rows(OneTimeLinkEntity).find())
  expect(Object.fromEntries(rows.map(({ id, endReason }) => [id, endReason]))).toEqual({
    sent: null,
    'handed-over': 'REVOKED',
    invitation: 'REVOKED',
    setup: null,
  })
  expect(rows.every(({ createdBy }) => createdBy === null)).toBe(true)
})

it('takes the time of a changed login from the newest edit that named it', async () => {
  const edits = [
    ['moved', 2_000, 'DONE', '[["login",null,null]]'],
    ['moved', 3_000, 'DONE', '[["firstName",null,null],["login",null,null]]'],
    ['moved', 4_000, 'DONE', '[["firstName",null,null]]'],
    ['refused', 2_000, 'REFUSED', '[["login",null,null]]'],
  ] as const
  await insertUser('moved')
  await insertUser('refused')
  for (const [index, [id, at, outcome, changes]] of edits.entries()) {
    await earlier.source.query(
      `INSERT INTO operations (id, at, action, outcome, actor_id, subject_id, ip, user_agent, request_id, changes)
        VALUES ('edit-${index}', ${at}, 'UPDATE_USER', '${outcome}', '${id}', '${id}', '127.0.0.1', '', '', '${changes}')`,
    )
  }
  const users = await (await earlier.upgrade()).read(unit => unit.rows(UserEntity).find())
  const facts = users.map(user => [user.id, user.loginChangedAt?.getTime(), user.formerLogin])
  expect(facts.sort()).toEqual([
    ['moved', 3_000, null],
    ['refused', undefined, null],
  ])
})
