import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from './user.entity.js'

let server: TestServer
let owner: UserEntity
let admin: UserEntity
let member: UserEntity
let asAdmin: TestClient
let asMember: TestClient

beforeAll(async () => {
  server = await TestServer.start()
  owner = await server.addUser({
    login: 'olga@rekey.example',
    firstName: 'Olga',
    lastName: 'Prim',
    role: 'OWNER',
  })
  admin = await server.addUser({
    login: 'adam@rekey.example',
    firstName: 'Adam',
    lastName: 'Sykora',
    role: 'ADMIN',
  })
  member = await server.addUser({
    login: 'mila@rekey.example',
    firstName: 'Míla',
    lastName: '100%_Sure',
  })
  for (const [index, firstName] of ['Ben', 'ben', 'Cleo', 'Dora', 'Eva', 'Finn', 'Gus'].entries()) {
    await server.addUser({
      firstName,
      lastName: 'Same',
      login: `same${index}@rekey.example`,
      status: index % 2 === 0 ? 'INVITED' : 'BLOCKED',
    })
  }
  asAdmin = await server.signedIn(admin)
  asMember = await server.signedIn(member)
})
afterAll(() => server.stop())

const list = async (variables: Record<string, unknown>, client = asAdmin) =>
  client.query(
    `query ($first: Int, $after: String, $last: Int, $before: String, $search: String, $filter: UserFilter, $orderBy: UserOrder) {
      users(first: $first, after: $after, last: $last, before: $before, search: $search, filter: $filter, orderBy: $orderBy) {
        totalCount
        nodes { login }
        edges { cursor node { login } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`,
    variables,
  )

const loginsOf = (answer: { data: { users: { nodes: { login: string }[] } } }) =>
  answer.data.users.nodes.map(node => node.login)

describe('the list of users', () => {
  it('is ordered by name by default, regardless of case', async () => {
    const answer = await list({ first: 4 })
    expect(loginsOf(answer).slice(0, 1)).toEqual(['adam@rekey.example'])
    expect(loginsOf(answer).slice(1, 3).sort()).toEqual([
      'same0@rekey.example',
      'same1@rekey.example',
    ])
    expect(answer.data.users.totalCount).toBe(10)
    expect(answer.data.users.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  })

  it.each(
    ['LOGIN', 'NAME', 'PHONE', 'ROLE', 'STATUS', 'LAST_SIGN_IN'].flatMap(field => [
      [field, 'ASC'],
      [field, 'DESC'],
    ]),
  )(
    'shows everyone once, in one order, on pages forward and back: by %s %s',
    async (field, direction) => {
      const orderBy = { field, direction }
      const whole = loginsOf(await list({ first: 100, orderBy }))
      expect(new Set(whole).size).toBe(10)

      const forward: string[] = []
      let after: string | null = null
      do {
        const answer: Awaited<ReturnType<typeof list>> = await list({ first: 3, after, orderBy })
        const { pageInfo } = answer.data.users
        expect(pageInfo.hasPreviousPage).toBe(after !== null)
        forward.push(...loginsOf(answer))
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null
      } while (after !== null)
      expect(forward).toEqual(whole)

      const backward: string[] = []
      let before: string | null = null
      do {
        const answer: Awaited<ReturnType<typeof list>> = await list({ last: 3, before, orderBy })
        const { pageInfo } = answer.data.users
        expect(pageInfo.hasNextPage).toBe(before !== null)
        backward.unshift(...loginsOf(answer))
        before = pageInfo.hasPreviousPage ? pageInfo.startCursor : null
      } while (before !== null)
      expect(backward).toEqual(whole)
    },
  )

  it.each([
    ['mila', ['mila@rekey.example']],
    ['MÍLA', ['mila@rekey.example']],
    ['sure mila', ['mila@rekey.example']],
    ['100%', ['mila@rekey.example']],
    ['0%_', ['mila@rekey.example']],
    ['100_', []],
    ["' OR 1=1 --", []],
    ['adam@rekey', ['adam@rekey.example']],
  ])('searching for %j finds %j', async (search, found) => {
    expect(loginsOf(await list({ search }))).toEqual(found)
  })

  it('can be filtered by role and status together', async () => {
    const blocked = await list({ filter: { statuses: ['BLOCKED'], roles: ['MEMBER'] } })
    expect(blocked.data.users.totalCount).toBe(3)
    const none = await list({ filter: { statuses: ['BLOCKED'], roles: ['ADMIN'] } })
    expect(none.data.users).toMatchObject({ totalCount: 0, nodes: [] })
  })

  it.each([
    [{ first: 101 }],
    [{ first: -1 }],
    [{ last: 101 }],
    [{ first: 1, last: 1 }],
    [{ after: 'nonsense' }],
    [{ search: 'x'.repeat(201) }],
  ])('refuses %j', async variables => {
    const answer = await list(variables)
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('rejects a cursor of another order', async () => {
    const { data } = await list({ first: 1, orderBy: { field: 'LOGIN', direction: 'ASC' } })
    const answer = await list({ after: data.users.pageInfo.endCursor })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('rejects a forged cursor with a character that PostgreSQL cannot store', async () => {
    const { data } = await list({ first: 1 })
    const [order, place] = JSON.parse(
      Buffer.from(data.users.pageInfo.endCursor, 'base64url').toString(),
    )
    const forged = JSON.stringify([order, place.map((part: unknown) => `${part}\0`)])
    const answer = await list({ after: Buffer.from(forged).toString('base64url') })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('never fails, whatever text is given as search or cursor', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async text => {
        const search = await list({ search: text })
        expect(search.errors).toBeUndefined()
        const after = await list({ after: text })
        expect(after.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
      }),
      { numRuns: 40 },
    )
  })

  it('is not available to members', async () => {
    const answer = await list({}, asMember)
    expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

describe('one user', () => {
  const read = (client: TestClient, id: string) =>
    client.query(
      'query ($id: ID!) { user(id: $id) { login viewerCanUpdate viewerCanChangePassword } }',
      { id },
    )

  it('an admin may read every user, and may edit those who do not outrank them', async () => {
    expect((await read(asAdmin, member.id)).data.user).toEqual({
      login: member.login,
      viewerCanUpdate: true,
      viewerCanChangePassword: true,
    })
    expect((await read(asAdmin, owner.id)).data.user).toMatchObject({
      viewerCanUpdate: false,
      viewerCanChangePassword: false,
    })
  })

  it('is null if the id does not exist', async () => {
    expect((await read(asAdmin, 'x'.repeat(100))).data.user).toBeNull()
    expect((await read(asAdmin, 'x\0')).data.user).toBeNull()
  })

  it('a member may read only their own profile, and cannot find out which ids exist', async () => {
    expect((await read(asMember, member.id)).data.user.login).toBe(member.login)
    const there = await read(asMember, owner.id)
    const nowhere = await read(asMember, 'nobody')
    expect(there.errors).toMatchObject([
      {
        extensions: { code: 'FORBIDDEN', reason: 'PERMISSION_MISSING', permission: 'users.read' },
      },
    ])
    // The answers are equal except for the ids of the two requests.
    const requestId = expect.any(String)
    expect(nowhere.errors).toEqual(
      there.errors?.map(error => ({ ...error, extensions: { ...error.extensions, requestId } })),
    )
  })
})

describe('editing a profile', () => {
  const update = (client: TestClient, input: Record<string, unknown>) =>
    client.query(
      `mutation ($input: UpdateUserInput!) {
        updateUser(input: $input) {
          user { login firstName lastName name phone phoneFormatted language version }
          errors { __typename ... on UserError { message path } }
        }
      }`,
      { input },
    )

  it('changes the given fields and keeps the others', async () => {
    const user = await server.addUser({ firstName: 'Nele', lastName: 'Vogt' })
    const answer = await update(asAdmin, {
      userId: user.id,
      version: 1,
      firstName: '  Nelly ',
      phone: '+49 (30) 123-45',
      language: 'DE-at',
    })
    expect(answer.data.updateUser).toEqual({
      user: {
        login: user.login,
        firstName: 'Nelly',
        lastName: 'Vogt',
        name: 'Nelly Vogt',
        phone: '+493012345',
        phoneFormatted: '+49 30 12345',
        language: 'de-AT',
        version: 2,
      },
      errors: [],
    })
    expect(loginsOf(await list({ search: 'nelly' }))).toEqual([user.login])
    for (const phone of ['', null]) {
      await update(asAdmin, { userId: user.id, phone: '+49 30 12345' })
      const cleared = await update(asAdmin, { userId: user.id, phone })
      expect(cleared.data.updateUser.user.phone).toBeNull()
    }
  })

  it('reports every invalid field, and changes nothing', async () => {
    const user = await server.addUser()
    const answer = await update(asAdmin, {
      userId: user.id,
      login: 'no address',
      firstName: ' ',
      lastName: 'x'.repeat(101),
      phone: 'call me',
      language: '!!',
    })
    expect(
      answer.data.updateUser.errors.map((error: { path: string[] }) => error.path[0]).sort(),
    ).toEqual(['firstName', 'language', 'lastName', 'login', 'phone'])
    expect((await server.services.users.find(user.id))?.version).toBe(1)
  })

  it.each([
    '123',
    '(030) 123456',
    '+46 1',
    '+48 601 234 567 ext. 12',
    '+48 601 234 567x12',
    '0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6',
    `+${'1'.repeat(32)}`,
  ])('stores the phone number %j as it was typed', async phone => {
    const answer = await update(asAdmin, { userId: member.id, phone: ` ${phone} ` })
    expect(answer.data.updateUser).toMatchObject({
      user: { phone, phoneFormatted: phone },
      errors: [],
    })
  })

  it.each([
    '+48 601 234 567',
    '+48(601)234-567',
    '(+48) 601/234.567',
    '0048 601 234 567',
    '+48\u00A0601\u2011234\u2011567\u200E',
    '＋４８ ６０１ ２３４ ５６７',
    '+٤٨ ٦٠١ ٢٣٤ ٥٦٧',
  ])('stores the valid international phone number %j in E.164', async phone => {
    const answer = await update(asAdmin, { userId: member.id, phone })
    expect(answer.data.updateUser).toMatchObject({
      user: { phone: '+48601234567', phoneFormatted: '+48 601 234 567' },
      errors: [],
    })
  })

  it.each([
    ['4,86E+10', 'shortened'],
    ['4.8601234567E+10', 'shortened'],
    ['4.86e10', 'shortened'],
    ['48601234567.0', 'added decimals'],
  ])('rejects the phone number %j, which a spreadsheet damaged', async (phone, damage) => {
    const answer = await update(asAdmin, { userId: member.id, phone })
    expect(answer.data.updateUser.errors).toEqual([
      {
        __typename: 'InvalidField',
        message: expect.stringMatching(`^Phone looks like a number .*spreadsheet ${damage}`),
        path: ['phone'],
      },
    ])
  })

  it.each([
    ['de_DE', 'de-DE'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    [' EN ', 'en'],
  ])('stores the language %j as %j', async (language, stored) => {
    const answer = await update(asAdmin, { userId: member.id, language })
    expect(answer.data.updateUser).toMatchObject({ user: { language: stored }, errors: [] })
  })

  it.each(['English', 'en-US-u-mu-celsius', 'de-x-foo', 'qaa', 'xx', ''])(
    'rejects the language %j with a message that names examples',
    async language => {
      const answer = await update(asAdmin, { userId: member.id, language })
      expect(answer.data.updateUser.errors).toEqual([
        {
          __typename: 'InvalidField',
          message:
            'Language requires a language tag such as en, de-AT or pt-BR, with no more than language, script and region.',
          path: ['language'],
        },
      ])
    },
  )

  it.each([
    '12',
    '1--',
    '(1) 2',
    '1'.repeat(33),
    `1${' '.repeat(62)}23`,
    '++123',
    ')123',
    '123+4',
    '123 ext.',
    '\ufdfa'.repeat(64),
  ])('rejects the phone number %j', async phone => {
    const answer = await update(asAdmin, { userId: member.id, phone })
    expect(answer.data.updateUser.errors).toEqual([
      {
        __typename: 'InvalidField',
        message:
          'Phone requires 3 to 32 digits and at most 64 characters. It can begin with a plus or a bracket, and contain spaces, brackets, dots, dashes or slashes. It can end with an extension such as “ext. 12”.',
        path: ['phone'],
      },
    ])
  })

  it.each(['a\u0000b', 'a\nb', 'half \ud800 pair'])('rejects the name %j', async firstName => {
    const answer = await update(asAdmin, { userId: member.id, firstName })
    expect(answer.data.updateUser.errors).toMatchObject([{ path: ['firstName'] }])
  })

  it('keeps logins unique, regardless of case', async () => {
    const user = await server.addUser()
    const answer = await update(asAdmin, { userId: user.id, login: 'MILA@rekey.example' })
    expect(answer.data.updateUser.errors).toMatchObject([
      { __typename: 'LoginTaken', path: ['login'] },
    ])
    const sameAgain = await update(asAdmin, { userId: user.id, login: user.login.toUpperCase() })
    expect(sameAgain.data.updateUser.errors).toEqual([])
  })

  it('rejects the second of two edits of the same version', async () => {
    const user = await server.addUser()
    const answers = await Promise.all([
      update(asAdmin, { userId: user.id, version: 1, firstName: 'One' }),
      update(asAdmin, { userId: user.id, version: 1, firstName: 'Two' }),
    ])
    const errors = answers.flatMap(answer => answer.data.updateUser.errors)
    expect(errors).toMatchObject([{ __typename: 'UserChangedMeanwhile' }])
  })

  it('answers an edit of an older version with the current profile, from which it can continue', async () => {
    const user = await server.addUser()
    await update(asAdmin, { userId: user.id, version: 1, firstName: 'One' })
    const { data } = await asAdmin.query(
      `mutation ($input: UpdateUserInput!) {
        updateUser(input: $input) {
          errors { ... on UserChangedMeanwhile { path user { version firstName viewerCanUpdate } } }
        }
      }`,
      { input: { userId: user.id, version: 1, lastName: 'Stale' } },
    )
    expect(data.updateUser.errors).toEqual([
      { path: ['version'], user: { version: 2, firstName: 'One', viewerCanUpdate: true } },
    ])
    const again = await update(asAdmin, { userId: user.id, version: 2, lastName: 'Fresh' })
    expect(again.data.updateUser).toMatchObject({ user: { name: 'One Fresh' }, errors: [] })
  })

  it('notifies the former login, with who changed it but without the new login', async () => {
    const before = 'nele.before@rekey.example'
    const user = await server.addUser({ login: before, firstName: 'Nele' })
    // A change to capitals and back keeps the same mailbox.
    for (const login of [before.toUpperCase(), before]) {
      await update(asAdmin, { userId: user.id, firstName: 'Nelly', login })
    }
    expect(await server.mailsTo(before)).toEqual([])
    const after = 'nele.after@rekey.example'
    await update(asAdmin, { userId: user.id, login: after, firstName: 'Nobody' })
    const [mail, ...more] = await server.mailsTo(before)
    expect(more).toEqual([])
    expect(mail?.subject).toBe('Your login was changed')
    expect(mail?.text).toContain('Hello Nelly,')
    expect(mail?.html).not.toContain('Nobody')
    expect(mail?.text).toContain(`${admin.firstName} ${admin.lastName} changed the login`)
    expect(mail?.text).toContain('From: 127.0.0.1')
    expect(`${mail?.text} ${mail?.html}`).not.toContain('after')
    expect(await server.mailsTo(after)).toEqual([])

    // Changing a login back and forth does not fill the mailbox.
    for (let times = 0; times < 6; times += 1) {
      await update(asAdmin, { userId: user.id, login: before })
      await update(asAdmin, { userId: user.id, login: after })
    }
    expect(await server.mailsTo(before)).toHaveLength(3)

    // An invited user has no account in use yet.
    const invited = await server.addUser({ login: 'ines@rekey.example', status: 'INVITED' })
    await update(asAdmin, { userId: invited.id, login: 'ines.after@rekey.example' })
    expect(await server.mailsTo('ines@rekey.example')).toEqual([])
  })

  it('a member may edit their own profile, except their login, and no other user', async () => {
    expect(
      (await update(asMember, { userId: member.id, phone: '123' })).data.updateUser.errors,
    ).toEqual([])
    for (const input of [
      { userId: member.id, login: 'other@rekey.example' },
      { userId: admin.id, firstName: 'Hacked' },
      { userId: 'nobody', firstName: 'Hacked' },
    ]) {
      const answer = await update(asMember, input)
      expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
  })

  it('an admin may not edit the owner', async () => {
    const answer = await update(asAdmin, { userId: owner.id, firstName: 'Hacked' })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })

  it('reports an unknown user as data', async () => {
    const answer = await update(asAdmin, { userId: 'nobody', firstName: 'X' })
    expect(answer.data.updateUser.errors).toMatchObject([{ __typename: 'UserNotFound' }])
  })
})
