import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import ts from 'typescript'
import { apiTokenOf } from '../testing/api-token-client.js'
import { asCaller, goodPassword, TestServer } from '../testing/test-server.js'

/** A code block in docs/api.md, with its output. */
interface Example {
  readonly language: string
  readonly code: string
  /** The text block below it. */
  readonly prints: string
}

/** The text without the parts that differ between runs. */
const withoutIds = (text: string): string =>
  text
    .replace(/"requestId":"[0-9a-f-]{36}"/g, '"requestId":"…"')
    .replace(/rk_live_\w+/g, 'rk_live_…')

const document = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'api.md'), 'utf8')
const examples: readonly Example[] = [
  ...document.matchAll(/^```(sh|ts|python)\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```$)?/gm),
].map(([, language = '', code = '', prints]) => {
  if (prints === undefined) throw new Error(`This code has no output below it.\n${code}`)
  return { language, code, prints: withoutIds(prints) }
})
const examplesIn = (language: string) => examples.filter(one => one.language === language)

/** The number of examples in the first section, which create a token and change a password. */
const firstSteps = 3

const has = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

/** Runs a test if the program is installed; otherwise marks it as skipped. */
const itWith = (program: string) =>
  has(program)
    ? it
    : (name: string, _test: () => Promise<void>) =>
        it.skip(`${name}: skipped, because ${program} is not installed`, () => undefined)

let server: TestServer
let dir: string
beforeAll(async () => {
  server = await TestServer.start({
    RATE_LIMIT_PER_ADDRESS: '3000',
    WEBHOOKS_ALLOW_PRIVATE: 'true',
  })
  // As many users as in the demo, which the document uses.
  for (let count = 0; count < 312; count += 1) {
    const owner = count < 10
    await server.addUser({
      login: owner ? `olivia${count}@demo.example` : `other${count}@demo.example`,
      ...(owner ? { firstName: 'Olivia', lastName: 'Bennett', role: 'OWNER' } : { password: null }),
    })
  }
  dir = mkdtempSync(join(tmpdir(), 'rekey-examples-'))
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(__dirname, '..', '..', 'node_modules'), join(dir, 'node_modules'))
})
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})

let callers = 0
/** The server and user for an example: a user whose password no other example has changed. */
const environment = async () => {
  const login = `olivia${callers}@demo.example`
  callers += 1
  const owner = await server.services.users.findByLogin(login)
  if (owner === null) throw new Error(`${login} does not exist.`)
  const { token } = await apiTokenOf(server, asCaller(owner), ['users.read', 'users.manage'])
  return {
    PATH: process.env.PATH,
    REKEY_URL: server.url,
    REKEY_LOGIN: login,
    REKEY_PASSWORD: goodPassword,
    REKEY_TOKEN: token,
    REKEY_NEW_PASSWORD: 'Brisk-Meadow-41',
    REKEY_NEW_PASSWORD_CURL: 'Calm-Orchard-58',
    REKEY_NEW_PASSWORD_GRAPHQL_REQUEST: 'Swift-Lagoon-27',
    REKEY_NEW_PASSWORD_APOLLO: 'Amber-Thicket-64',
    REKEY_NEW_PASSWORD_PYTHON: 'Polar-Cascade-85',
    REKEY_WEBHOOK_URL: 'http://127.0.0.1:9/rekey',
  }
}

type Environment = Awaited<ReturnType<typeof environment>>

const run = async (program: string, args: string[], env: Environment): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, args, { cwd: dir, env })
  return stdout
}

/** Whether the owner of the examples has the new password of this variable. */
const changedOf = async (env: Environment, variable: keyof Environment) => {
  const { data } = await server.client().logIn(env.REKEY_LOGIN, env[variable] ?? '')
  return data.logIn.user?.login === env.REKEY_LOGIN
}

/** The variables of the new passwords of the programs, in the order of the document. */
const variablesOfTs = ['REKEY_NEW_PASSWORD_GRAPHQL_REQUEST', 'REKEY_NEW_PASSWORD_APOLLO'] as const

/** What the programs print for the new password `short`, from its second line. */
const violations = 'The new password does not meet the requirements.\n- '

describe('the examples of docs/api.md', () => {
  it('exist in each language', () => {
    const count = (language: string) => examplesIn(language).length
    expect([count('sh'), count('ts'), count('python')]).toEqual([24, 2, 1])
  })

  itWith('curl')('create a token in the first section that the next examples accept', async () => {
    const env = { ...(await environment()), REKEY_TOKEN: '' }
    for (const { code, prints } of examplesIn('sh').slice(0, firstSteps)) {
      const printed = await run('sh', ['-euc', code], env)
      expect(withoutIds(printed)).toBe(prints)
      env.REKEY_TOKEN ||= /rk_live_\w+/.exec(printed)?.[0] ?? ''
    }
    expect(await changedOf(env, 'REKEY_NEW_PASSWORD')).toBe(true)
  })

  itWith('curl')('print the output shown with curl, one after the other', async () => {
    const env = await environment()
    for (const { code, prints } of examplesIn('sh').slice(firstSteps)) {
      expect(withoutIds(await run('sh', ['-euc', code], env))).toBe(prints)
    }
    expect(await changedOf(env, 'REKEY_NEW_PASSWORD_CURL')).toBe(true)
  })

  it('match their types if they are in TypeScript', () => {
    const files = examplesIn('ts').map(({ code }, index) => {
      const file = join(dir, `typed${index}.ts`)
      writeFileSync(file, code)
      return file
    })
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: ['node'],
      typeRoots: [join(dir, 'node_modules', '@types')],
    })
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    expect(problems).toEqual([])
  })

  it.each(examplesIn('ts').map((one, index) => [index + 1, one] as const))(
    'print the output shown in TypeScript: %i',
    async (number, { code, prints }) => {
      const env = await environment()
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      })
      const file = join(dir, `example${number}.js`)
      writeFileSync(file, outputText)
      expect(withoutIds(await run(process.execPath, [file], env))).toBe(prints)
      expect(await changedOf(env, variablesOfTs[number - 1] ?? 'PATH')).toBe(true)
    },
  )

  itWith('python3')('print the output shown in Python', async () => {
    for (const { code, prints } of examplesIn('python')) {
      const env = await environment()
      expect(withoutIds(await run('python3', ['-c', code], env))).toBe(prints)
      expect(await changedOf(env, 'REKEY_NEW_PASSWORD_PYTHON')).toBe(true)
    }
  })

  it.each(examplesIn('ts').map((one, index) => [index + 1, one] as const))(
    'print each violated rule in TypeScript: %i',
    async (number, { code }) => {
      const env = { ...(await environment()), [variablesOfTs[number - 1] ?? '']: 'short' }
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      })
      const file = join(dir, `rejected${number}.js`)
      writeFileSync(file, outputText)
      expect(await run(process.execPath, [file], env)).toContain(violations)
    },
  )

  itWith('python3')('print each violated rule in Python', async () => {
    const [{ code } = { code: '' }] = examplesIn('python')
    const env = { ...(await environment()), REKEY_NEW_PASSWORD_PYTHON: 'short' }
    expect(await run('python3', ['-c', code], env)).toContain(violations)
  })
})
