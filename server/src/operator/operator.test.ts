import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { defaultSecuritySettings } from '../settings/security-settings.js'
import { runBuilt } from '../testing/built-program.js'
import { enrolTotp } from '../testing/second-factor-client.js'
import { TestServer } from '../testing/test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ PUBLIC_URL: 'https://rekey.example' })
})
afterAll(() => server.stop())

const rekey = (...args: string[]): Promise<string> => runBuilt(server, 'rekey', ...args)

const recordsOf = (action: OperationEntity['action']) =>
  server.database.read(unit => unit.rows(OperationEntity).findBy({ action }))

describe('the command line', () => {
  it('allows users again whom the list of allowed addresses locked out', async () => {
    const { settings } = server.services
    const client = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    await server.database.write(unit =>
      settings.replace(unit, { ...defaultSecuritySettings, ipAuthorization: true }),
    )
    expect(await client.whoAmI()).toBeNull()

    expect(await rekey('ip:off')).toBe(
      'IP authorization is off. The list of allowed addresses is as it was.\n',
    )
    await new Promise(done => setTimeout(done, 1050))
    expect(await client.whoAmI()).not.toBeNull()
    expect(await rekey('ip:off')).toBe('IP authorization is off already.\n')
    expect(await recordsOf('UPDATE_SECURITY_SETTINGS')).toMatchObject([
      { outcome: 'DONE', actorId: null, ip: 'command line', userAgent: 'rekey ip:off' },
    ])
  })

  it('prints a link that sets a new password, is valid for half an hour and is stored nowhere', async () => {
    const user = await server.addUser()
    const said = await rekey('user:reset-password', user.login.toUpperCase())
    const [, token = ''] =
      /https:\/\/rekey\.example\/reset-password#token=([\w-]{43})\n$/.exec(said) ?? []
    const link = await server.database.read(unit =>
      server.services.links.find(unit, 'PASSWORD_RESET', token),
    )
    expect(link?.userId).toBe(user.id)
    const minutes = ((link?.expiresAt.getTime() ?? 0) - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(29)
    expect(minutes).toBeLessThanOrEqual(30)
    expect(await server.storedBytes()).not.toContain(token)
    expect(await recordsOf('REQUEST_PASSWORD_RESET')).toMatchObject([
      {
        outcome: 'DONE',
        actorId: null,
        subjectId: user.id,
        userAgent: 'rekey user:reset-password',
      },
    ])
  })

  it('prints links to the server that was started last', async () => {
    const user = await server.addUser()
    await server.services.settings.notePublicUrl(new URL('https://panel.example'))
    try {
      expect(await rekey('user:reset-password', user.login)).toMatch(
        /https:\/\/panel\.example\/reset-password#token=[\w-]{43}\n$/,
      )
    } finally {
      await server.services.settings.notePublicUrl(new URL('https://rekey.example'))
    }
  })

  it('removes the second factors of a user who has lost them, and notifies the user', async () => {
    const user = await server.addUser()
    await enrolTotp(await server.signedIn(user))
    expect(await rekey('user:reset-2fa', user.login)).toMatch(/^Removed the second factors/)
    expect(await (await server.signedIn(user)).whoAmI()).toBe(user.login)
    expect(await recordsOf('RESET_SECOND_FACTOR')).toMatchObject([
      { outcome: 'DONE', actorId: null, subjectId: user.id, userAgent: 'rekey user:reset-2fa' },
    ])
    const waiting = await server.database.read(unit => unit.rows(OutboxMailEntity).find())
    const sent = (await server.mailsTo(user.login)).map(({ subject }) => subject)
    const subjects = [...waiting.map(({ subject }) => subject), ...sent]
    expect(subjects).toContain('Your second factor was reset')
    await expect(rekey('user:reset-2fa', 'nobody@rekey.example')).rejects.toMatchObject({ code: 1 })
  })

  it('explains in one line why there is no link', async () => {
    const blocked = await server.addUser({ status: 'BLOCKED' })
    const invited = await server.addUser({ status: 'INVITED', password: null })
    await expect(rekey('user:reset-password', 'nobody@rekey.example')).rejects.toMatchObject({
      code: 1,
      stderr: 'There is no user with this login.\n',
    })
    const { operator } = server.services
    await expect(operator.resetPassword(blocked.login)).rejects.toThrow('This user is blocked')
    await expect(operator.resetPassword(invited.login)).rejects.toThrow('not accepted')
  })

  it.each([
    ['spaces around it', '  maya@bücher-köln.example \u00a0'],
    ['another case', 'MAYA@BÜCHER-KÖLN.example'],
    ['its domain in ASCII', 'maya@xn--bcher-kln-67a3d.example'],
    ['marks of their own', 'maya@bu\u0308cher-ko\u0308ln.example'],
  ])('finds a login with %s', async (_what, typed) => {
    const known = await server.services.users.findByLogin('maya@bücher-köln.example')
    if (known === null) await server.addUser({ login: 'maya@bücher-köln.example' })
    expect(await rekey('user:reset-password', typed)).toContain('/reset-password#token=')
    expect(await rekey('user:reset-2fa', typed)).toContain('Removed the second factors')
  })

  it.each([[['ip:on']], [['ip:off', 'now']], [['__proto__']]])(
    'shows its usage when called with %j',
    async args => {
      await expect(rekey(...args)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('user:reset-password <login>'),
      })
    },
  )
})
