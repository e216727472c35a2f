import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Permission } from '@rekey/shared/access'
import { apiTokenOf } from '../testing/api-token-client.js'
import { asCaller, goodPassword, TestServer } from '../testing/test-server.js'

const scriptOf = (name: string) => join(__dirname, '../../../docs/examples', name)

let server: TestServer
let dir: string
beforeAll(async () => {
  server = await TestServer.start()
  dir = await mkdtemp(join(tmpdir(), 'rekey-scripts-'))
})
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})

/** The environment of a script that sends the token of a new owner. */
const environmentOf = async (permissions: Permission[]) => {
  const owner = await server.addUser({ role: 'OWNER' })
  const { token } = await apiTokenOf(server, asCaller(owner), permissions)
  const { PATH } = process.env
  return { PATH, REKEY_URL: server.url, REKEY_TOKEN: token, REKEY_PASSWORD: goodPassword }
}

describe('provision.mjs', () => {
  const people = Array.from({ length: 500 }, (_, index) => ({
    login: `person${index}@import.example`,
    firstName: 'Person',
    lastName: String(index),
    password: `Old-Harbour-${1000 + index}`,
  }))
  const rotated = people.map(one => ({ ...one, password: one.password.replace('Old', 'New') }))
  const logins = people.map(({ login }) => login)

  it('has fewer than 60 lines', async () => {
    const text = await readFile(scriptOf('provision.mjs'), 'utf8')
    expect(text.trimEnd().split('\n').length).toBeLessThan(60)
  })

  it('adds 500 people, changes their passwords and blocks them', async () => {
    const env = await environmentOf(['users.read', 'users.invite', 'users.import', 'users.manage'])
    const run = async (task: string, list: typeof people) => {
      const file = join(dir, `${task}.json`)
      await writeFile(file, JSON.stringify(list))
      const args = [scriptOf('provision.mjs'), task, file]
      const { stdout } = await promisify(execFile)(process.execPath, args, { env })
      return stdout.trimEnd().split('\n')
    }
    const signsIn = async ({ login, password } = { login: '', password: '' }) =>
      (await server.client().logIn(login, password)).data.logIn.user !== null

    expect(await run('add', people)).toEqual(logins)
    expect(await signsIn(people[0])).toBe(true)
    // Nobody is added twice, and the script says why.
    expect(await run('add', people.slice(499))).toEqual([
      `${logins[499]}: Another user has this login.`,
    ])

    expect(await run('rotate', rotated)).toEqual(logins)
    expect(await signsIn(rotated[499])).toBe(true)
    expect(await signsIn(people[499])).toBe(false)
    const [, refused] = await run('rotate', [
      { ...rotated[0], login: 'nobody@import.example' } as (typeof people)[0],
      { ...rotated[1], password: 'short' } as (typeof people)[0],
    ])
    expect(refused).toBe(`${logins[1]}: The new password does not meet the requirements.`)

    expect(await run('block', people)).toEqual(logins)
    const found = await Promise.all(logins.map(one => server.services.users.findByLogin(one)))
    expect(new Set(found.map(user => user?.status))).toEqual(new Set(['BLOCKED']))
    expect(await signsIn(rotated[499])).toBe(false)
  })
})

describe('follow-operations.mjs', () => {
  /** Starts the script, and returns its lines as they come. */
  const follow = (env: NodeJS.ProcessEnv, ...after: string[]) => {
    const child = spawn(process.execPath, [scriptOf('follow-operations.mjs'), ...after], {
      env: { ...env, POLL_SECONDS: '0.1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    return {
      next: async () => JSON.parse((await lines.next()).value),
      stop: () => child.kill(),
    }
  }

  it('prints old and new operations once, in order, and goes on after a cursor', async () => {
    const env = await environmentOf(['operations.read'])
    const { login } = await server.addUser()
    const client = server.client()
    await client.logIn(login, 'Wrong-Password-1')
    await server.services.operations.idle()

    const first = follow(env)
    const seen: { cursor: string; id: string; at: string; action: string; outcome: string }[] = []
    const readUntil = async (reader: typeof first, outcome: string) => {
      for (;;) {
        const operation = await reader.next()
        seen.push(operation)
        if (operation.action === 'LOG_IN' && operation.outcome === outcome) return
      }
    }
    await readUntil(first, 'REFUSED')
    await client.logIn(login, goodPassword)
    await readUntil(first, 'DONE')
    first.stop()

    await client.logIn(login, 'Wrong-Password-2')
    const second = follow(env, seen.at(-1)?.cursor ?? '')
    await readUntil(second, 'REFUSED')
    second.stop()

    const token = server.client({ authorization: `Bearer ${env.REKEY_TOKEN}` })
    const { data } = await token.query('{ operations { totalCount } }')
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort())
    expect(data.operations.totalCount).toBe(seen.length)
  })
})
