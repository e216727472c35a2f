import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { goodPassword, TestServer } from '../testing/test-server.js'
import { contextWordsOf } from './context-words.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ PUBLIC_URL: 'http://accounts.meadow.example' })
})
afterAll(() => server.stop())

const violated = (payload: { errors: { violations: { rule: string }[] }[] }) =>
  payload.errors.flatMap(({ violations }) => violations.map(({ rule }) => rule))

describe('the words that no user may use', () => {
  it.each([
    ['https://accounts.meadow.example', ['Rekey', 'accounts', 'meadow']],
    ['http://localhost:4000', ['Rekey', 'localhost']],
    ['https://xn--mller-kva.example./', ['Rekey', 'müller']],
    ['http://192.168.0.1:4000', ['Rekey']],
    ['http://[::1]:4000', ['Rekey']],
  ])('are, at %s, %j', (address, words) => {
    expect(contextWordsOf(new URL(address))).toEqual(words)
  })

  it('are part of the policy that the API returns', async () => {
    const { data } = await server.client().query('{ passwordPolicy { contextWords } }')
    expect(data.passwordPolicy.contextWords).toEqual(['Rekey', 'accounts', 'meadow'])
  })
})

describe('a new password', () => {
  const words = ['Lindqvist2024!', 'MARTA-2024-xx', 'Rekey-4711-xx', 'My4711-Meadow!']
  it.each(words)('must not be %s, because it contains a context word', async newPassword => {
    const member = await server.addUser({ firstName: 'Márta', lastName: 'Lindqvist' })
    const client = await server.signedIn(member)
    const { data } = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(violated(data.changePassword)).toEqual(['CONTEXT_WORD'])
  })

  it('is judged by the names of its user, not of the administrator who sets it', async () => {
    const admin = await server.addUser({ role: 'ADMIN', firstName: 'Berenike' })
    const member = await server.addUser({ firstName: 'Márta', lastName: 'Lindqvist' })
    const client = await server.signedIn(admin)
    const change = async (newPassword: string) => {
      const input = { userId: member.id, currentPassword: goodPassword, newPassword }
      return violated((await client.changePassword(input)).data.changePassword)
    }
    expect(await change('Lindqvist-4711')).toEqual(['CONTEXT_WORD'])
    expect(await change('Berenike-4711')).toEqual([])
  })

  it('must not contain a context word after a reset either', async () => {
    const member = await server.addUser({ lastName: 'Lindqvist' })
    await server.client().requestPasswordReset(member.login)
    const [mail] = await server.mailsTo(member.login)
    const [, token = ''] = /#token=([\w-]+)/.exec(mail?.text ?? '') ?? []
    const { data } = await server.client().resetPassword(token, 'Lindqvist-4711')
    expect(violated(data.resetPassword)).toEqual(['CONTEXT_WORD'])
  })
})

describe('the password of the first owner', () => {
  it('must not contain their names, from the setup page or from the configuration', async () => {
    const empty = await TestServer.start()
    try {
      const token = await empty.services.setup.issueLink()
      const input = {
        token,
        login: 'first@rekey.example',
        firstName: 'Márta',
        lastName: 'Lindqvist',
        password: 'Lindqvist-4711',
      }
      const { data } = await empty.client().query(
        `mutation ($input: SetUpOwnerInput!) {
          setUpOwner(input: $input) {
            errors { ... on PasswordPolicyViolated { violations { rule } } }
          }
        }`,
        { input },
      )
      expect(violated(data.setUpOwner)).toEqual(['CONTEXT_WORD'])
      await expect(
        empty.services.setup.bootstrap('first@rekey.example', 'Rekey-4711-xx'),
      ).rejects.toMatchObject({ problems: [expect.stringContaining('name of the user')] })
    } finally {
      await empty.stop()
    }
  })
})
