import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { enrolPasskey } from '../testing/second-factor-client.js'
import { SoftwareAuthenticator } from '../testing/software-authenticator.js'
import { goodPassword, TestServer } from '../testing/test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

describe('the notice of a password change', () => {
  it('counts the passkeys that still work, and names those added in the last day', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    for (const name of ['Old key', 'New key']) {
      await enrolPasskey(client, new SoftwareAuthenticator(server.config.publicUrl.origin), name)
    }
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000)
    await server.database.write(unit =>
      unit
        .rows(SecondFactorEntity)
        .update({ userId: user.id, name: 'Old key' }, { createdAt: twoDaysAgo }),
    )
    const change = { currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' }
    expect((await client.changePassword(change)).data.changePassword.errors).toEqual([])
    const { text } = (await server.mailsTo(user.login)).at(-1) ?? {}
    const words = text?.replace(/\s+/g, ' ')
    expect(words).toContain('2 passkeys of yours can still sign in without a password.')
    expect(words).toContain('Passkeys that were added in the last day: “New key”.')
  })

  it('does not mention passkeys if the user has none', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' })
    expect((await server.mailsTo(user.login)).at(-1)?.text).not.toContain('passkey')
  })

  it('announces the choice of a new password only if one is required', async () => {
    const user = await server.addUser()
    const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const announcement = /You must then choose a password that only you know\./
    for (const [newPassword, requireChangeAtNextSignIn] of [
      ['Given-Meadow-41', true],
      ['Lasting-Meadow-41', false],
    ] as const) {
      const { data } = await admin.changePassword({
        userId: user.id,
        currentPassword: goodPassword,
        newPassword,
        requireChangeAtNextSignIn,
      })
      expect(data.changePassword.errors).toEqual([])
      const text = (await server.mailsTo(user.login)).at(-1)?.text?.replace(/\s+/g, ' ') ?? ''
      expect(announcement.test(text)).toBe(requireChangeAtNextSignIn)
      expect(text).not.toContain(newPassword)
    }
  })
})
