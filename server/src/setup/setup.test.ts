import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { goodPassword, TestServer } from '../testing/test-server.js'

let server: TestServer
beforeEach(async () => {
  server = await TestServer.start()
})
afterEach(() => server.stop())

const setUp = (input: Record<string, unknown>, client = server.client()) =>
  client.query(
    `mutation ($input: SetUpOwnerInput!) {
      setUpOwner(input: $input) {
        user { login role status }
        errors { __typename ... on UserError { path } ... on PasswordPolicyViolated { violations { rule } } }
      }
    }`,
    {
      input: {
        login: 'first@rekey.example',
        firstName: 'First',
        lastName: 'Owner',
        password: goodPassword,
        ...input,
      },
    },
  )

const isRequired = async () =>
  (await server.client().query('{ setupRequired }')).data.setupRequired as boolean

describe('the first owner', () => {
  it('is created with the setup link, and is signed in', async () => {
    expect(await isRequired()).toBe(true)
    const token = await server.services.setup.issueLink()
    const client = server.client()
    const answer = await setUp({ token }, client)
    expect(answer.data.setUpOwner).toEqual({
      user: { login: 'first@rekey.example', role: 'OWNER', status: 'ACTIVE' },
      errors: [],
    })
    expect(await client.whoAmI()).toBe('first@rekey.example')
    expect(await isRequired()).toBe(false)
    expect(await server.storedBytes()).not.toContain(token)
  })

  it('signs in again in the same browser without a notice about a new browser', async () => {
    const client = server.client()
    await setUp({ token: await server.services.setup.issueLink() }, client)
    await client.logIn('first@rekey.example')
    expect(await client.whoAmI()).toBe('first@rekey.example')
    expect(await server.mailsTo('first@rekey.example')).toEqual([])
    await server.client().logIn('first@rekey.example')
    expect(await server.mailsTo('first@rekey.example')).toHaveLength(1)
  })

  it('must meet the same password policy, and can correct the form with the same link', async () => {
    const token = await server.services.setup.issueLink()
    const answer = await setUp({ token, login: 'none', password: 'short' })
    expect(answer.data.setUpOwner.errors).toMatchObject([
      { __typename: 'InvalidField', path: ['login'] },
      { __typename: 'PasswordPolicyViolated', path: ['password'] },
    ])
    expect((await setUp({ token })).data.setUpOwner.errors).toEqual([])
  })

  it('is created once, however many try at once', async () => {
    const token = await server.services.setup.issueLink()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => setUp({ token, login: `o${index}@rekey.example` })),
    )
    expect(answers.filter(answer => answer.data.setUpOwner.user !== null)).toHaveLength(1)
  })

  it.each(['', 'guess', 'x'.repeat(43)])('is not created with the token %j', async token => {
    await server.services.setup.issueLink()
    const answer = await setUp({ token })
    expect(answer.data.setUpOwner.errors).toMatchObject([{ __typename: 'SetupLinkInvalid' }])
    expect(await isRequired()).toBe(true)
  })

  it('is not created with a link that was replaced or has expired', async () => {
    const replaced = await server.services.setup.issueLink()
    const expired = await server.services.setup.issueLink()
    await server.database.write(async unit => {
      await unit
        .rows(OneTimeLinkEntity)
        .update({ purpose: 'SETUP' }, { expiresAt: new Date(Date.now() - 1) })
    })
    for (const token of [replaced, expired]) {
      expect((await setUp({ token })).data.setUpOwner.errors).toMatchObject([
        { __typename: 'SetupLinkInvalid' },
      ])
    }
  })

  it('is not created if there is any user', async () => {
    const token = await server.services.setup.issueLink()
    await server.addUser()
    expect((await setUp({ token })).data.setUpOwner.errors).toMatchObject([
      { __typename: 'SetupLinkInvalid' },
    ])
  })

  it('is created once from the configuration, if it is given there', async () => {
    await server.services.setup.bootstrap('boot@rekey.example', goodPassword)
    await server.services.setup.bootstrap('other@rekey.example', goodPassword)
    const client = server.client()
    await client.logIn('boot@rekey.example')
    expect(await client.whoAmI()).toBe('boot@rekey.example')
    expect((await client.logIn('other@rekey.example')).data.logIn.user).toBeNull()
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'SET_UP_OWNER' }),
    )
    expect(recorded).toMatchObject([{ outcome: 'DONE', actorId: null, ip: 'configuration' }])
  })
})
