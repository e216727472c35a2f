import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { schemaText } from '../app/write-schema.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { TestServer } from '../testing/test-server.js'

describe('a server with introspection', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await TestServer.start()
  })
  afterAll(() => server.stop())

  it('shows anyone the schema as text, with its descriptions', async () => {
    const answer = await server.client().get('/schema.graphql')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('public, no-cache')
    expect(await answer.text()).toBe(schemaText())
  })

  it('answers that the text has not changed if the client already has it', async () => {
    const first = await server.client().get('/schema.graphql')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/"[\w-]{43}"$/)
    for (const held of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const again = await server.client({ 'if-none-match': held }).get('/schema.graphql')
      expect(again.status).toBe(304)
      expect(again.headers.get('etag')).toBe(etag)
      expect(await again.text()).toBe('')
    }
    const changed = await server.client({ 'if-none-match': '"other"' }).get('/schema.graphql')
    expect(changed.status).toBe(200)
  })

  it('offers the example operations as data', async () => {
    const answer = await server.client().get('/explorer/operations.json')
    expect(await answer.json()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'WhoAmI', variables: null, document: expect.any(String) }),
      ]),
    )
  })

  it('starts Sandbox with the example operations and the cookie', async () => {
    const answer = await server.client({ accept: 'text/html' }).get('/graphql')
    const [, settings = ''] = /embeddedSandboxConfig = (.*);/.exec(await answer.text()) ?? []
    expect(JSON.parse(settings).initialState).toMatchObject({
      document: expect.stringContaining('query WhoAmI'),
      includeCookies: true,
    })
  })
})

describe('a server without introspection', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await TestServer.start({ NODE_ENV: 'production' })
  })
  afterAll(() => server.stop())

  it.each(['/schema.graphql', '/explorer/operations.json'])(
    'requires the permission to explore: %s',
    async path => {
      const held = { 'if-none-match': '*' }
      expect((await server.client(held).get(path)).status).toBe(401)

      const member = await server.signedIn(await server.addUser())
      expect((await member.get(path)).status).toBe(403)

      const withdrawn = await server.addUser({
        role: 'ADMIN',
        withdrawnPermissions: ['api.explore'],
      })
      expect((await (await server.signedIn(withdrawn)).get(path)).status).toBe(403)

      const granted = await server.addUser({ grantedPermissions: ['api.explore'] })
      const answer = await (await server.signedIn(granted)).get(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    },
  )

  it('shows nobody the schema before they change a password that someone else set', async () => {
    const admin = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    const user = await server.addUser({ grantedPermissions: ['api.explore'] })
    const newPassword = 'Brisk-Meadow-41'
    const changed = await admin.changePassword({
      userId: user.id,
      currentPassword: 'Quiet-Harbour-72',
      newPassword,
    })
    expect(changed.data.changePassword.errors).toEqual([])
    const client = await server.signedIn(user, newPassword)
    expect((await client.get('/schema.graphql')).status).toBe(403)
  })
})

describe('the explorer’s page', () => {
  let server: TestServer
  let clientDir: string
  beforeAll(async () => {
    clientDir = await mkdtemp(join(tmpdir(), 'rekey-client-'))
    await mkdir(join(clientDir, 'explorer', 'assets'), { recursive: true })
    await writeFile(join(clientDir, 'index.html'), 'the SPA, __CSP_NONCE__')
    await writeFile(join(clientDir, 'explorer', 'explorer.html'), 'the explorer, __CSP_NONCE__')
    await writeFile(join(clientDir, 'explorer', 'assets', 'worker-1.js'), 'work()')
    server = await TestServer.start({}, { clientDir })
  })
  afterAll(async () => {
    await server.stop()
    await rm(clientDir, { recursive: true })
  })

  it('requires the permission to explore, and uses only its own workers', async () => {
    const user = await server.addUser({ grantedPermissions: ['api.explore'] })
    const answer = await (await server.signedIn(user)).get('/explorer')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(policy).toContain("worker-src 'self'")
    const [, nonce] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? []
    expect(await answer.text()).toBe(`the explorer, ${nonce}`)
    expect(policy.replace("style-src-attr 'unsafe-inline'", '')).not.toMatch(/unsafe|https?:|\*/)
  })

  it('is the SPA for other users, which explains the missing permission', async () => {
    const member = await server.signedIn(await server.addUser())
    const owner = await server.addUser({ role: 'OWNER' })
    const { client: script } = await apiTokenOf(server, owner, ['api.explore'])
    for (const client of [server.client(), member, script]) {
      const answer = await client.get('/explorer')
      expect(await answer.text()).toContain('the SPA')
      expect(answer.headers.get('content-security-policy')).not.toContain('worker-src')
    }
  })

  it('is unavailable under its file name, like the page of the SPA', async () => {
    for (const path of ['/explorer/explorer.html', '/index.html']) {
      expect((await server.client().get(path)).status).toBe(404)
    }
  })

  it('has files that browsers cache permanently, and no page in place of a missing file', async () => {
    const file = await server.client().get('/explorer/assets/worker-1.js')
    expect(file.headers.get('cache-control')).toContain('immutable')
    expect(await file.text()).toBe('work()')
    expect((await server.client().get('/explorer/assets/worker')).status).toBe(404)
  })
})
