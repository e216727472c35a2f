// Better Auth with e-mail and password and its admin plugin on a SQLite file, hashing
// at the same cost as Rekey. Its arguments: the file, the port, how many users to fill it with.
import { createServer } from 'node:http'
import { argon2id, hash, verify } from 'argon2'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { admin } from 'better-auth/plugins'
import Database from 'better-sqlite3'

const [file, port, users] = process.argv.slice(2)
const password = 'Quiet-Harbour-72'
const cost = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

const database = new Database(file)
// As Rekey has it.
database.pragma('journal_mode = WAL')
const options = {
  database,
  baseURL: `http://127.0.0.1:${port}`,
  secret: 'a secret of the benchmark that is long enough',
  emailAndPassword: {
    enabled: true,
    password: {
      hash: password => hash(password, cost),
      verify: ({ hash: stored, password }) => verify(stored, password),
    },
  },
  plugins: [admin()],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
}
const { runMigrations } = await getMigrations(options)
await runMigrations()
const auth = betterAuth(options)

const fill = async count => {
  const { n } = database.prepare('SELECT COUNT(*) AS n FROM user').get()
  if (n > 0) return
  const stored = await hash(password, cost)
  const now = new Date().toISOString()
  const user = database.prepare(
    'INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt, role, banned) VALUES (?, ?, ?, 1, ?, ?, ?, 0)',
  )
  const account = database.prepare(
    "INSERT INTO account (id, accountId, providerId, userId, password, createdAt, updatedAt) VALUES (?, ?, 'credential', ?, ?, ?, ?)",
  )
  database.transaction(() => {
    for (let number = 0; number < count; number += 1) {
      const id = `user-${number}`
      const name = `Person ${(number * 7_919) % count} ${number}`
      const role = number === 0 ? 'admin' : 'user'
      user.run(id, name, `person.${number}@seed.example`, now, now, role)
      account.run(`account-${number}`, id, id, stored, now, now)
    }
  })()
}
await fill(Number(users))

createServer(toNodeHandler(auth)).listen(Number(port), '127.0.0.1', () => {
  process.stdout.write('is ready\n')
})
