import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'

const mainFile = join(__dirname, '../dist/main.js')

/** Starts the built server with settings it must reject. Returns the exit code and the output. */
const start = async (args: readonly string[], settings: Record<string, string>) => {
  if (!existsSync(mainFile)) throw new Error('Build the server first: npm run build.')
  const dir = await mkdtemp(join(tmpdir(), 'rekey-start-'))
  const env = { PATH: process.env.PATH, PORT: '0', DATA_DIR: join(dir, 'data'), ...settings }
  try {
    return await new Promise<{ code: unknown; stdout: string; stderr: string; hasData: boolean }>(
      done => {
        execFile(
          process.execPath,
          [mainFile, ...args],
          { env, timeout: 30_000 },
          (failure, stdout, stderr) =>
            done({ code: failure?.code, stdout, stderr, hasData: existsSync(env.DATA_DIR) }),
        )
      },
    )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

it.each<[string[], Record<string, string>, string]>([
  [[], { NODE_ENV: 'production', PUBLIC_URL: 'http://rekey.example' }, 'PUBLIC_URL_ALLOW_HTTP'],
  [['--demo'], { HOST: '0.0.0.0' }, 'DEMO_ALLOW_PUBLIC'],
  [['--demo'], { PUBLIC_URL: 'https://rekey.example' }, 'DEMO_ALLOW_PUBLIC'],
  [[], { ARGON2_MEMORY_KIB: '64' }, 'ARGON2_ALLOW_WEAK'],
])(
  'refuses to start with %j and %j, and names %s in one line',
  async (args, settings, allowing) => {
    const { code, stdout, stderr, hasData } = await start(args, settings)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(new RegExp(`^[^\\n]*${allowing}=true[^\\n]*\\n$`))
    expect(hasData).toBe(false)
  },
)

it('refuses to start without the file of breached passwords, and names its setting in one line', async () => {
  const { code, stderr, hasData } = await start([], { BREACHED_PASSWORDS_FILE: 'missing.txt' })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^BREACHED_PASSWORDS_FILE: [^\n]*no such file[^\n]*missing\.txt[^\n]*\n$/)
  expect(hasData).toBe(false)
})
