import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { EarlierDatabase } from '../../testing/earlier-database.js'
import { ServerProcess } from '../../testing/server-process.js'
import { UserEntity } from '../../users/user.entity.js'
import { findUserByLogin } from '../../users/user.store.js'
import { derivedColumnsOf } from '../../users/user-keys.js'
import type { Database } from '../database.js'
import { TextKeys1765190039000 } from './1765190039000-text-keys.js'

/** A user as the version before stored them. */
interface EarlierUser {
  readonly id: string
  readonly login: string
  readonly firstName?: string
  readonly lastName?: string
  readonly language?: string
  readonly phone?: string
}

let earlier: EarlierDatabase
beforeEach(async () => {
  earlier = await EarlierDatabase.before(TextKeys1765190039000)
})
afterEach(() => earlier.remove())

const earlierFold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const insert = async (users: readonly EarlierUser[]): Promise<void> => {
  const runner = earlier.source.createQueryRunner()
  await runner.startTransaction()
  for (const user of users) {
    const { id, login, firstName = 'Some', lastName = 'One', language = 'en', phone = null } = user
    const name = `${firstName} ${lastName}`
    const values = [
      id,
      login,
      login.toLowerCase(),
      firstName,
      lastName,
      earlierFold(name),
      `${earlierFold(`${login} ${name}`)}  `,
      language,
      phone,
    ]
    const places = values.map((_, index) => (earlier.throwAway ? `$${index + 1}` : '?')).join(', ')
    await runner.query(
      `INSERT INTO users (id, login, login_key, first_name, last_name, name_key, search_text,
        language, phone, role, status, must_change_password, last_sign_in_at, version, created_at, updated_at)
        VALUES (${places}, 'MEMBER', 'ACTIVE', FALSE, 0, 1, 0, 0)`,
      values,
    )
  }
  await runner.commitTransaction()
  await runner.release()
}

const usersOf = (upgraded: Database): Promise<UserEntity[]> =>
  upgraded.read(unit => unit.rows(UserEntity).find({ order: { id: 'ASC' } }))

/** The search index follows every change of a text at once. */
const expectSearchIndexInStep = async (upgraded: Database): Promise<void> => {
  await upgraded.write(unit => unit.query(SQL`UPDATE users SET search_text = 'another text  '`))
  if (upgraded.engine === 'sqlite') {
    const check = SQL`INSERT INTO users_search (users_search, rank) VALUES ('integrity-check', 1)`
    await upgraded.write(unit => unit.query(check))
    return
  }
  const options = await upgraded.read(unit =>
    unit.query(SQL`SELECT reloptions FROM pg_class WHERE relname LIKE 'users_search%'`),
  )
  expect(options).toEqual(Array(2).fill({ reloptions: ['fastupdate=off'] }))
}

describe('the migration to one login key and one search text', () => {
  it('gives every user the columns that the server derives today', async () => {
    await insert([
      { id: '1', login: 'Kontakt@xn--bcher-kln-67a3d.example', firstName: 'Łukasz' },
      { id: '2', login: 'info@müller-bau.example', lastName: 'Großmann', phone: '+48 601 234 567' },
      {
        id: '3',
        login: 'Plain@Demo.example',
        firstName: 'O’Brien',
        lastName: '',
        phone: '601 234 568',
      },
    ])
    const users = await usersOf(await earlier.upgrade())
    expect(users.map(({ login }) => login)).toEqual([
      'Kontakt@bücher-köln.example',
      'info@müller-bau.example',
      'Plain@Demo.example',
    ])
    expect(users.map(({ phone }) => phone)).toEqual([null, '+48601234567', '601 234 568'])
    for (const user of users) expect(user).toMatchObject(derivedColumnsOf(user))
  })

  it.each([
    ['en-US-u-mu-celsius', 'en-US'],
    ['zh-Hant-TW-x-private', 'zh-Hant-TW'],
    ['de-x-foo', 'de'],
    ['en-XX', 'en'],
    ['ca-ES-valencia', 'ca-ES'],
    ['qaa', 'en'],
    ['pt-BR', 'pt-BR'],
  ])('turns the language %s into %s', async (stored, language) => {
    await insert([{ id: '1', login: 'maya@demo.example', language: stored }])
    expect(await usersOf(await earlier.upgrade())).toMatchObject([{ language }])
  })

  it.each([
    ['in Unicode and in Punycode', ['info@müller-bau.example', 'info@xn--mller-bau-q9a.example']],
    ['in Punycode and in Unicode', ['info@xn--mller-bau-q9a.example', 'Info@müller-bau.example']],
    ['half in Punycode', ['info@ü.xn--tda.example', 'info@xn--tda.ü.example']],
    ['in three ways', ['info@ü.xn--tda.example', 'info@ü.ü.example', 'info@xn--tda.ü.example']],
  ])('leaves each of the users with one mailbox their spelling: %s', async (_, logins) => {
    await insert(logins.map((login, index) => ({ id: `${index}`, login })))
    const users = await usersOf(await earlier.upgrade())
    const [key] = [
      derivedColumnsOf({ login: logins[0] ?? '', firstName: '', lastName: '', phone: null })
        .loginKey,
    ]
    expect(users.filter(({ loginKey }) => loginKey === key)).toHaveLength(1)
    expect(users.filter(({ takenLoginKey }) => takenLoginKey === key)).toHaveLength(
      logins.length - 1,
    )
    for (const [index, login] of logins.entries()) {
      const found = await earlier.database?.read(unit => findUserByLogin(unit, login))
      expect(found?.id).toBe(`${index}`)
      const shown = users[index]?.login ?? ''
      expect((await earlier.database?.read(unit => findUserByLogin(unit, shown)))?.id).toBe(
        `${index}`,
      )
    }
  })

  it('moves mails that wait to the login as it is shown', async () => {
    await insert([{ id: '1', login: 'info@xn--mller-bau-q9a.example' }])
    await earlier.source.query(`INSERT INTO outbox_mails (id, recipient, subject, text, html, created_at,
      attempts, next_attempt_at) VALUES ('1', 'info@xn--mller-bau-q9a.example', '', '', '', 0, 0, 0)`)
    const upgraded = await earlier.upgrade()
    expect(
      await upgraded.read(unit => unit.query(SQL`SELECT recipient FROM outbox_mails`)),
    ).toEqual([{ recipient: 'info@müller-bau.example' }])
  })

  it('finds everyone by the search index, and counts them as before', async () => {
    await insert([{ id: '1', login: 'lukasz@demo.example', firstName: 'Łukasz' }])
    const upgraded = await earlier.upgrade()
    const found = await upgraded.read(unit =>
      unit.query(
        unit.engine === 'sqlite'
          ? SQL`SELECT rowid FROM users_search WHERE users_search MATCH '"example lukasz"'`
          : SQL`SELECT id FROM users WHERE search_text LIKE '%example lukasz%'`,
      ),
    )
    expect(found).toHaveLength(1)
    await expectSearchIndexInStep(upgraded)
    expect(await upgraded.read(unit => unit.query(SQL`SELECT count FROM user_counts`))).toEqual([
      { count: 1 },
    ])
  })

  it('continues where it was interrupted', async () => {
    const count = 2_500
    await insert(
      Array.from({ length: count }, (_, number) => ({
        id: String(number).padStart(6, '0'),
        login: `person${number}@demo.example`,
        firstName: 'Łukasz',
      })),
    )
    const stopAt = "NEW.id = '002300'"
    if (earlier.throwAway) {
      await earlier.source.query(`CREATE FUNCTION interrupt() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'interrupted'; END $$`)
      await earlier.source.query(`CREATE TRIGGER interrupt BEFORE UPDATE ON users
        FOR EACH ROW WHEN (${stopAt}) EXECUTE FUNCTION interrupt()`)
    } else {
      await earlier.source.query(`CREATE TRIGGER interrupt BEFORE UPDATE ON users WHEN ${stopAt}
        BEGIN SELECT RAISE(ABORT, 'interrupted'); END`)
    }
    await expect(earlier.upgrade()).rejects.toThrow(/interrupted/)
    await earlier.reopen()
    const half = "SELECT COUNT(*) AS count FROM users WHERE name_key LIKE 'lukasz%'"
    expect(Number((await earlier.source.query(half))[0].count)).toBe(2_000)
    await earlier.source.query(`DROP TRIGGER interrupt ${earlier.throwAway ? 'ON users' : ''}`)
    const users = await usersOf(await earlier.upgrade())
    expect(users).toHaveLength(count)
    expect(users.every(({ nameKey }) => nameKey === 'lukasz one')).toBe(true)
    if (earlier.database !== undefined) await expectSearchIndexInStep(earlier.database)
  })

  it('is followed by a line in the log that names the users with one mailbox by their ids', async () => {
    await insert([
      { id: 'first', login: 'info@müller-bau.example' },
      { id: 'second', login: 'info@xn--mller-bau-q9a.example' },
    ])
    await (await earlier.upgrade()).close()
    earlier.database = undefined
    const server = await ServerProcess.start(earlier.dir, {
      DATABASE_URL: earlier.throwAway?.url ?? '',
      LOG_LEVEL: 'warn',
    })
    try {
      const [line] = server
        .output()
        .split('\n')
        .filter(text => text.includes('same mailbox'))
      expect(JSON.parse(line ?? '')).toMatchObject({ count: 1, userIds: [['second', 'first']] })
      expect(server.output()).not.toContain('bau')
    } finally {
      await server.stop()
    }
  })
})
