import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { type Answer, goodPassword, type TestClient, TestServer } from '../testing/test-server.js'

const inFile = 'Breached-Meadow-41'
const inService = 'Breached-Harbour-42'
const unknown = 'Brisk-Meadow-4711'
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()

const answerRight: RequestListener = (_, response) =>
  response.end(`${sha1(inService).slice(5)}:7\r\n${sha1('padding').slice(5)}:0\r\n`)
const answerWrong: RequestListener = (_, response) =>
  response.end('<html><body>Please sign in</body></html>')

let dir: string
let file: string
let service: Server
let serviceUrl: string
let answerRange = answerRight
let requested: (string | undefined)[] = []
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-breached-'))
  file = join(dir, 'hashes.txt')
  service = createServer((request, response) => {
    requested.push(request.url)
    answerRange(request, response)
  })
  await new Promise<void>(listening => service.listen(0, '127.0.0.1', listening))
  serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/range`
})
afterAll(async () => {
  service.closeAllConnections()
  await new Promise(closed => service.close(closed))
  await rm(dir, { recursive: true })
})

let server: TestServer
const start = async (environment: Record<string, string>) => {
  await writeFile(file, `${sha1(inFile)}:3\n`)
  answerRange = answerRight
  requested = []
  server = await TestServer.start(environment)
}
afterEach(() => server.stop())
const startWithBoth = () =>
  start({ BREACHED_PASSWORDS_FILE: file, BREACHED_PASSWORDS_URL: serviceUrl })

const violationsOf = (errors: { violations?: { rule: string }[] }[]): string[] =>
  errors.flatMap(({ violations = [] }) => violations.map(({ rule }) => rule))

const change = async (client: TestClient, newPassword: string, currentPassword = goodPassword) => {
  const { data } = await client.changePassword({ currentPassword, newPassword })
  return violationsOf(data.changePassword.errors)
}

/** What the operations of this user say, oldest first. */
const recorded = async (subjectId: string) => {
  const operations = await server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId }, order: { id: 'ASC' } }),
  )
  return operations
    .filter(({ action }) => action !== 'LOG_IN')
    .map(({ action, outcome, changes }) => [action, outcome, changes])
}

const notChecked = (sources: string) => [{ name: 'breachCheckFailed', from: null, to: sources }]

describe('a password change', () => {
  it('is refused with BREACHED if the file or the range service has the password', async () => {
    await startWithBoth()
    const user = await server.addUser()
    const client = await server.signedIn(user)
    expect(await change(client, inFile)).toEqual(['BREACHED'])
    // The service is queried only for what the file does not have.
    expect(requested).toEqual([])
    expect(await change(client, inService)).toEqual(['BREACHED'])
    expect(await change(client, unknown)).toEqual([])
    expect(requested).toEqual([
      `/range/${sha1(inService).slice(0, 5)}`,
      `/range/${sha1(unknown).slice(0, 5)}`,
    ])
    expect(await recorded(user.id)).toEqual([
      ['CHANGE_PASSWORD', 'REFUSED', []],
      ['CHANGE_PASSWORD', 'REFUSED', []],
      ['CHANGE_PASSWORD', 'DONE', []],
    ])
  })

  it('explains the rule', async () => {
    await startWithBoth()
    const client = await server.signedIn(await server.addUser())
    const answer = await client.changePassword({
      currentPassword: goodPassword,
      newPassword: inFile,
    })
    expect(answer.data.changePassword).toMatchObject({
      user: null,
      errors: [
        {
          __typename: 'PasswordPolicyViolated',
          path: ['newPassword'],
          violations: [{ rule: 'BREACHED', message: 'Not found in a known data breach' }],
        },
      ],
    })
  })

  it('queries no source if another rule is broken, or the current password is wrong', async () => {
    await startWithBoth()
    const client = await server.signedIn(await server.addUser())
    expect(await change(client, 'short')).not.toContain('BREACHED')
    expect(await change(client, inFile, 'Wrong-Password-1')).toEqual([])
    expect(await change(client, goodPassword)).toEqual(['SAME_AS_CURRENT'])
    expect(await change(client, unknown)).toEqual([])
    requested = []
    expect(await change(client, goodPassword, unknown)).toEqual(['REUSED'])
    expect(requested).toEqual([])
  })

  it('is done if the service gives a wrong answer, and its operation says so', async () => {
    await startWithBoth()
    answerRange = answerWrong
    const user = await server.addUser()
    const client = await server.signedIn(user)
    expect(await change(client, inFile)).toEqual(['BREACHED'])
    expect(await change(client, inService)).toEqual([])
    expect(await recorded(user.id)).toEqual([
      ['CHANGE_PASSWORD', 'REFUSED', []],
      ['CHANGE_PASSWORD', 'DONE', notChecked('RANGE_SERVICE')],
    ])
  })

  it('is done if the service is slow, after two seconds', async () => {
    await start({ BREACHED_PASSWORDS_URL: serviceUrl })
    answerRange = () => undefined
    const user = await server.addUser()
    expect(await change(await server.signedIn(user), inService)).toEqual([])
    expect(await recorded(user.id)).toEqual([
      ['CHANGE_PASSWORD', 'DONE', notChecked('RANGE_SERVICE')],
    ])
  })

  it('is done if the file is gone, unless the service has the password', async () => {
    await startWithBoth()
    await rm(file)
    const user = await server.addUser()
    const client = await server.signedIn(user)
    expect(await change(client, inService)).toEqual(['BREACHED'])
    expect(await change(client, inFile)).toEqual([])
    expect(await recorded(user.id)).toEqual([
      ['CHANGE_PASSWORD', 'REFUSED', []],
      ['CHANGE_PASSWORD', 'DONE', notChecked('FILE')],
    ])
  })

  it('leaves no trace of the hash in the log if both sources fail', async () => {
    await startWithBoth()
    await rm(file)
    answerRange = ({ socket }) => socket.destroy()
    const user = await server.addUser()
    expect(await change(await server.signedIn(user), unknown)).toEqual([])
    expect(await recorded(user.id)).toEqual([
      ['CHANGE_PASSWORD', 'DONE', notChecked('FILE, RANGE_SERVICE')],
    ])
    const log = server.log()
    expect(log).toContain('could not check a new password for breaches: FILE')
    expect(log).toContain('could not check a new password for breaches: RANGE_SERVICE')
    const hash = sha1(unknown)
    expect(log.toUpperCase()).not.toContain(hash.slice(5))
    expect(log).not.toContain(`/range/${hash.slice(0, 5)}`)
    expect(log).not.toContain(`"${hash.slice(0, 5)}`)
  })

  it('queries no source if the rule is switched off', async () => {
    const policy = join(dir, 'policy.json')
    await writeFile(policy, '{"BREACHED": false}')
    await start({ PASSWORD_POLICY_FILE: policy, BREACHED_PASSWORDS_URL: serviceUrl })
    expect(await change(await server.signedIn(await server.addUser()), inService)).toEqual([])
    expect(requested).toEqual([])
  })
})

describe('every other way to set a password', () => {
  it('refuses a breached password, and records if it was not checked: a reset', async () => {
    await startWithBoth()
    const user = await server.addUser()
    await server.client().requestPasswordReset(user.login)
    const [mail] = await server.mailsTo(user.login)
    const [, token = ''] = /\/reset-password#token=([\w-]{43})\b/.exec(mail?.text ?? '') ?? []
    const reset = async (password: string) => {
      const { data } = await server.client().resetPassword(token, password)
      return violationsOf(data.resetPassword.errors)
    }
    expect(await reset(inFile)).toEqual(['BREACHED'])
    expect(await reset(inService)).toEqual(['BREACHED'])
    answerRange = answerWrong
    expect(await reset(inService)).toEqual([])
    expect((await recorded(user.id)).at(-1)).toEqual([
      'RESET_PASSWORD',
      'DONE',
      notChecked('RANGE_SERVICE'),
    ])
  })

  it('refuses a breached password, and records if it was not checked: an activation', async () => {
    await startWithBoth()
    const user = await server.addUser({ status: 'INVITED', password: null })
    const { token } = await server.database.write(unit =>
      server.services.links.issue(unit, 'INVITATION', user.id, 3_600),
    )
    const activate = async (password: string) => {
      const { data } = await server.client().query(
        `mutation ($input: ActivateUserInput!) {
          activateUser(input: $input) { errors { ... on PasswordPolicyViolated { violations { rule } } } }
        }`,
        { input: { token, password } },
      )
      return violationsOf(data.activateUser.errors)
    }
    expect(await activate(inFile)).toEqual(['BREACHED'])
    expect(await activate(inService)).toEqual(['BREACHED'])
    answerRange = answerWrong
    expect(await activate(inService)).toEqual([])
    expect((await recorded(user.id)).at(-1)).toEqual([
      'ACTIVATE_USER',
      'DONE',
      notChecked('RANGE_SERVICE'),
    ])
  })

  it('refuses a breached password, and records if it was not checked: the setup of the owner', async () => {
    await startWithBoth()
    const token = await server.services.setup.issueLink()
    const setUp = (password: string): Promise<Answer> =>
      server.client().query(
        `mutation ($input: SetUpOwnerInput!) {
          setUpOwner(input: $input) {
            user { id }
            errors { ... on PasswordPolicyViolated { violations { rule } } }
          }
        }`,
        {
          input: { token, login: 'first@rekey.example', firstName: 'A', lastName: 'B', password },
        },
      )
    const refused = await setUp(inService)
    expect(violationsOf(refused.data.setUpOwner.errors)).toEqual(['BREACHED'])
    answerRange = answerWrong
    const { data } = await setUp(inService)
    expect(data.setUpOwner.errors).toEqual([])
    expect(await recorded(data.setUpOwner.user.id)).toEqual([
      ['SET_UP_OWNER', 'DONE', notChecked('RANGE_SERVICE')],
    ])
  })

  it('refuses a breached password: BOOTSTRAP_OWNER_PASSWORD', async () => {
    await startWithBoth()
    await expect(server.services.setup.bootstrap('first@rekey.example', inFile)).rejects.toThrow(
      'Not met: not found in a known data breach.',
    )
    await server.services.setup.bootstrap('first@rekey.example', unknown)
    expect(requested).toHaveLength(1)
  })
})

describe('the rule BREACHED', () => {
  const rulesAndSources = async () => {
    const owner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    const { data } = await owner.query(`{
      passwordPolicy { rules { rule } }
      passwordPolicySettings { breachSources rules { rule enabled } }
    }`)
    const ofPolicy = data.passwordPolicy.rules.map(({ rule }: { rule: string }) => rule)
    const ofSettings = data.passwordPolicySettings.rules.find(
      ({ rule }: { rule: string }) => rule === 'BREACHED',
    )
    return {
      isInPolicy: ofPolicy.includes('BREACHED'),
      isEnabled: ofSettings.enabled,
      breachSources: data.passwordPolicySettings.breachSources,
    }
  }

  it('is in the policy only if there is a source', async () => {
    await start({})
    expect(await rulesAndSources()).toEqual({
      isInPolicy: false,
      isEnabled: true,
      breachSources: [],
    })
  })

  it('names its sources in the settings', async () => {
    await startWithBoth()
    expect(await rulesAndSources()).toEqual({
      isInPolicy: true,
      isEnabled: true,
      breachSources: ['FILE', 'RANGE_SERVICE'],
    })
  })
})
