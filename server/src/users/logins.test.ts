import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { loginKeyOf } from '@rekey/shared/login'
import { Mailbox } from '../testing/mailbox.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from './user.entity.js'

const unicode = 'kontakt@bücher-köln.example'
const ascii = 'kontakt@xn--bcher-kln-67a3d.example'
const newPassword = 'Brisk-Meadow-41'
const spellings = [
  unicode,
  ascii,
  'KONTAKT@BÜCHER-KÖLN.example',
  'kontakt@bu\u0308cher-ko\u0308ln.example',
  'kontakt@XN--BCHER-KLN-67A3D.example',
  'kontakt@bücher-köln\u3002example',
  `  ${unicode}\u00a0`,
  `${ascii} `,
]

let server: TestServer
let mailbox: Mailbox
let asOwner: TestClient
beforeAll(async () => {
  const started = await Mailbox.start()
  mailbox = started.mailbox
  server = await TestServer.start({ SMTP_URL: started.url })
  asOwner = await server.signedIn(
    await server.addUser({ role: 'OWNER', firstName: 'Owner', lastName: 'One' }),
  )
})
afterAll(async () => {
  await server.stop()
  await mailbox.stop()
})

const invite = async (login: string, firstName = 'Köln') => {
  const { data } = await asOwner.query(
    `mutation ($input: InviteUserInput!) {
      inviteUser(input: $input) { user { id login } errors { __typename ... on UserError { message } } }
    }`,
    { input: { login, firstName } },
  )
  return data.inviteUser
}
const update = async (input: Record<string, unknown>, client = asOwner) => {
  const { data, errors } = await client.query(
    `mutation ($input: UpdateUserInput!) {
      updateUser(input: $input) { user { login firstName } errors { __typename ... on UserError { path } } }
    }`,
    { input },
  )
  expect(errors).toBeUndefined()
  return data.updateUser
}
const deleteUser = async (userId: string, login: string) => {
  const { data } = await asOwner.query(
    `mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { errors { __typename } } }`,
    { input: { userId, login } },
  )
  return data.deleteUser
}

/** The token in the newest mail, after this many mails have arrived. */
const tokenOfMail = async (count: number) => {
  await mailbox.until(count)
  const [, token = ''] = /#token=([\w-]+)/.exec(mailbox.mails.at(-1)?.text ?? '') ?? []
  return token
}

describe('a login with an international domain', () => {
  it('receives the invitation in ASCII, is activated, and signs in with every spelling', async () => {
    const invited = await invite(ascii)
    expect(invited).toMatchObject({ user: { login: unicode }, errors: [] })
    const token = await tokenOfMail(1)
    const to = mailbox.mails[0]?.headerLines.find(({ key }) => key === 'to')?.line
    expect(to).toBe(`To: ${ascii}`)
    const activated = await server.client().query(
      `mutation ($input: ActivateUserInput!) {
        activateUser(input: $input) { user { login } errors { __typename } }
      }`,
      { input: { token, password: goodPassword } },
    )
    expect(activated.data.activateUser).toEqual({ user: { login: unicode }, errors: [] })
    for (const spelling of spellings) {
      const client = server.client()
      const { data } = await client.logIn(spelling)
      expect([spelling, data.logIn.errors]).toEqual([spelling, []])
      expect(await client.whoAmI()).toBe(unicode)
    }
  })

  it.each([unicode, ascii])(
    'receives the link that resets its password after a request for %s',
    async login => {
      await server.services.mail.idle()
      const before = mailbox.mails.length
      expect((await server.client().requestPasswordReset(login)).data).toEqual({
        requestPasswordReset: { errors: [] },
      })
      const token = await tokenOfMail(before + 1)
      const reset = await server.client().resetPassword(token, newPassword + login.length)
      expect(reset.data.resetPassword).toMatchObject({ user: { login: unicode }, errors: [] })
    },
  )

  it.each(spellings)('is not available to another user in the spelling “%s”', async spelling => {
    expect(await invite(spelling)).toMatchObject({
      user: null,
      errors: [{ __typename: 'LoginTaken' }],
    })
    const other = await server.addUser()
    expect((await update({ userId: other.id, login: spelling })).errors).toEqual([
      { __typename: 'LoginTaken', path: ['login'] },
    ])
  })

  it.each([ascii, ` ${unicode} `])('can be deleted by typing “%s”', async typed => {
    const login = `delete-${typed.length}@bücher-köln.example`
    const user = await server.addUser({ login })
    expect((await deleteUser(user.id, 'maya@demo.example')).errors).toEqual([
      { __typename: 'LoginMismatch' },
    ])
    const spelled = typed.replace('kontakt', `delete-${typed.length}`)
    expect((await deleteUser(user.id, spelled)).errors).toEqual([])
  })

  it('is not found with an invisible character', async () => {
    const user = await server.addUser({ login: 'seen@demo.example' })
    const { data } = await server.client().logIn(`se\u200ben@demo.example`)
    expect(data.logIn.errors).toMatchObject([{ __typename: 'InvalidCredentials' }])
    expect((await server.client().logIn(user.login)).data.logIn.errors).toEqual([])
  })
})

describe('a domain that needs a joiner', () => {
  it('is accepted in Unicode and in ASCII, and is not taken for the one without', async () => {
    const sinhala = await invite('info@ශ්\u200dරී.example')
    expect(sinhala).toMatchObject({ user: { login: 'info@ශ්\u200dරී.example' }, errors: [] })
    expect((await invite('info@xn--10cl1a0b660p.example')).errors).toMatchObject([
      { __typename: 'LoginTaken' },
    ])
    expect((await invite('info@ශ්රී.example')).errors).toEqual([])
  })

  it('is not offered in place of one that has a joiner where none can be', async () => {
    const { errors } = await invite('maya@de\u200dmo.example')
    expect(errors).toMatchObject([
      { message: expect.stringContaining('Did you mean maya@demo.example?') },
    ])
  })
})

describe('wrong passwords', () => {
  it('wrong passwords are counted for one login, regardless of the spelling', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '3' })
    try {
      const user = await strict.addUser({ login: unicode })
      for (const spelling of [unicode, `${ascii} `, unicode.toUpperCase()]) {
        const { data } = await strict.client().logIn(spelling, 'wrong')
        expect(data.logIn.errors).toMatchObject([{ __typename: 'InvalidCredentials' }])
      }
      const { data } = await strict.client().logIn(user.login)
      expect(data.logIn.errors).toMatchObject([{ __typename: 'TooManyAttempts' }])
    } finally {
      await strict.stop()
    }
  })

  it('a correct password is accepted if a space follows the login', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '1' })
    try {
      const user = await strict.addUser()
      for (const space of [' ', '\t', '\u00a0', '\n', '\u3000']) {
        const { data } = await strict.client().logIn(`${user.login}${space}`)
        expect(data.logIn.errors).toEqual([])
      }
    } finally {
      await strict.stop()
    }
  })
})

describe('a search', () => {
  const people: [login: string, firstName: string, lastName: string][] = [
    ['p1@search.example', 'Paweł', 'Wąs'],
    ['p2@search.example', 'Łukasz', 'Nowak'],
    ['p3@search.example', 'Søren', 'Holm'],
    ['p4@search.example', 'Đorđe', 'Ilić'],
    ['p5@search.example', 'Þór', 'Jónsson'],
    ['p6@search.example', 'Œuvre', 'Petit'],
    ['p7@search.example', 'Max', 'Großmann'],
    ['p8@search.example', 'Maeve', 'O’Brien'],
    ['p9@search.example', 'Αθανάσιος', 'Νικολάου'],
    ['p10@zürich.example', 'Zbigniew', 'Adam'],
  ]
  beforeAll(async () => {
    for (const [login, firstName, lastName] of people) {
      await server.addUser({ login, firstName, lastName })
    }
  })

  const find = async (search: string) => {
    const { data } = await asOwner.query(
      'query ($search: String) { users(search: $search) { nodes { login } } }',
      { search },
    )
    return data.users.nodes.map(({ login }: { login: string }) => login)
  }

  it.each([
    ['pawel', 'p1'],
    ['PAWEŁ WĄS', 'p1'],
    ['pawel was', 'p1'],
    ['lukasz', 'p2'],
    ['Łukasz', 'p2'],
    ['soren', 'p3'],
    ['dorde', 'p4'],
    ['thor', 'p5'],
    ['þór', 'p5'],
    ['oeuvre', 'p6'],
    ['œuvre', 'p6'],
    ['grossmann', 'p7'],
    ['GROẞMANN', 'p7'],
    ["o'brien", 'p8'],
    ['o’brien', 'p8'],
    ['oʼbrien', 'p8'],
    ['ΑΘΑΝΑΣ', 'p9'],
    ['αθανάσιος', 'p9'],
    ['ΑΘΑΝΑΣΙΟΣ', 'p9'],
    ['ｐａｗｅｌ', 'p1'],
    ['zürich.example', 'p10'],
    ['zurich', 'p10'],
    ['p10@zürich.example', 'p10'],
    ['p10@xn--zrich-kva.example', 'p10'],
    ['xn--zrich', 'p10'],
  ])('finds for %s: %s', async (search, name) => {
    expect((await find(search)).map((login: string) => login.split('@')[0])).toEqual([name])
  })

  it('lists Łukasz before Zbigniew by name', async () => {
    const { data } = await asOwner.query('{ users(first: 100) { nodes { name } } }')
    const names = data.users.nodes.map(({ name }: { name: string }) => name)
    expect(names.indexOf('Łukasz Nowak')).toBeLessThan(names.indexOf('Zbigniew Adam'))
    expect(names.indexOf('Łukasz Nowak')).toBeLessThan(names.indexOf('Maeve O’Brien'))
  })

  it('continues from a cursor of an earlier version, which folded names differently', async () => {
    const cursor = Buffer.from(JSON.stringify(['NAME', ['łukasz nowak', '0']])).toString(
      'base64url',
    )
    const { data, errors } = await asOwner.query(
      'query ($after: String) { users(after: $after) { nodes { login } } }',
      { after: cursor },
    )
    expect(errors).toBeUndefined()
    expect(Array.isArray(data.users.nodes)).toBe(true)
  })
})

describe('two users who share a mailbox, as an earlier version allowed', () => {
  let shares = 0
  /** The first user has the key of the login, the second has the key of its own spelling. */
  const twoOfOneMailbox = async () => {
    shares += 1
    const [plain, spelled] = [`two${shares}@xn--mller-kva.example`, `two${shares}@müller.example`]
    const holder = await server.addUser({ login: plain, firstName: 'Holder' })
    const other = await server.addUser({
      login: `moved${shares}@demo.example`,
      firstName: 'Other',
      password: newPassword,
    })
    await server.database.write(async unit => {
      const rows = unit.rows(UserEntity)
      await rows.update(
        { id: other.id },
        { login: spelled, loginKey: spelled, takenLoginKey: loginKeyOf(spelled) },
      )
    })
    return { holder, other, plain, spelled }
  }

  it('each user signs in with their own spelling and their own password', async () => {
    const { plain, spelled } = await twoOfOneMailbox()
    for (const [login, password] of [
      [plain, goodPassword],
      [`${plain.toUpperCase()} `, goodPassword],
      [spelled, newPassword],
      [` ${spelled.toUpperCase()}`, newPassword],
    ] as const) {
      const { data } = await server.client().logIn(login, password)
      expect([login, data.logIn.errors]).toEqual([login, []])
    }
    expect((await server.client().logIn(plain, newPassword)).data.logIn.errors).toHaveLength(1)
    expect((await server.client().logIn(spelled, goodPassword)).data.logIn.errors).toHaveLength(1)
  })

  it('each user receives a link that resets their own password', async () => {
    const { plain, spelled } = await twoOfOneMailbox()
    for (const login of [plain, spelled]) {
      await server.services.mail.idle()
      const before = mailbox.mails.length
      await server.client().requestPasswordReset(login)
      const token = await tokenOfMail(before + 1)
      const { data } = await server.client().resetPassword(token, 'Calm-Orchard-58')
      expect(data.resetPassword.user.login).toBe(login)
    }
  })

  it('both users can be edited, and no third user can share the mailbox', async () => {
    const { holder, other, plain, spelled } = await twoOfOneMailbox()
    for (const { id, login } of [
      { id: holder.id, login: plain },
      { id: other.id, login: spelled },
    ]) {
      const edit = { userId: id, login, firstName: 'Edited' }
      expect(await update(edit)).toEqual({ user: { login, firstName: 'Edited' }, errors: [] })
    }
    expect((await update({ userId: holder.id, login: spelled })).errors).toMatchObject([
      { __typename: 'LoginTaken' },
    ])
    // The user's own login, as it is shown.
    expect((await update({ userId: other.id, login: plain })).user).toMatchObject({
      login: spelled,
    })
    for (const login of [plain, spelled, plain.toUpperCase()]) {
      expect((await invite(login)).errors).toMatchObject([{ __typename: 'LoginTaken' }])
    }
  })

  it('let the second sign in with both spellings after the first is deleted', async () => {
    const { holder, plain, spelled } = await twoOfOneMailbox()
    expect((await deleteUser(holder.id, plain)).errors).toEqual([])
    for (const login of [plain, spelled]) {
      expect((await server.client().logIn(login, newPassword)).data.logIn.errors).toEqual([])
    }
  })

  it('the mailbox is no longer shared when the first user gets another login', async () => {
    const { holder, plain, spelled } = await twoOfOneMailbox()
    expect((await update({ userId: holder.id, login: `renamed-${plain}` })).errors).toEqual([])
    for (const login of [plain, spelled]) {
      expect((await server.client().logIn(login, newPassword)).data.logIn.errors).toEqual([])
    }
  })

  it('the mailbox is no longer shared when the second user gets another login or is deleted', async () => {
    for (const end of [
      (id: string) => update({ userId: id, login: `gone${shares}@demo.example` }),
      (id: string) => deleteUser(id, `two${shares}@müller.example`),
    ]) {
      const { other, plain, spelled } = await twoOfOneMailbox()
      expect((await end(other.id)).errors).toEqual([])
      for (const login of [plain, spelled]) {
        expect((await server.client().logIn(login)).data.logIn.errors).toEqual([])
      }
    }
  })

  it('the users are listed only for callers who may read and manage users', async () => {
    const { holder, other } = await twoOfOneMailbox()
    const query = '{ sharedMailboxes { users { id } } }'
    expect((await asOwner.query(query)).data.sharedMailboxes).toContainEqual({
      users: [{ id: holder.id }, { id: other.id }],
    })
    for (const withdrawn of ['users.read', 'users.manage'] as const) {
      const admin = await server.addUser({ role: 'ADMIN', withdrawnPermissions: [withdrawn] })
      const { errors } = await (await server.signedIn(admin)).query(query)
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
    expect((await server.client().query(query)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
  })
})
