// Adds people, changes their passwords, or blocks them: node provision.mjs add|rotate|block people.json
// people.json is a list of { login, firstName, lastName, password }. Set REKEY_URL, REKEY_TOKEN with
// users.read, users.invite, users.import and users.manage, and its owner’s REKEY_PASSWORD.
import { pbkdf2Sync, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

const { REKEY_URL, REKEY_TOKEN: token, REKEY_PASSWORD: currentPassword } = process.env
const [task, file] = process.argv.slice(2)
const people = JSON.parse(readFileSync(file, 'utf8'))
/** Sends the same request until the server has room for it. With the key, it is done only once. */
const send = async (query, input) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  headers['idempotency-key'] = randomUUID()
  const body = JSON.stringify({ query, variables: { input } })
  for (;;) {
    const answer = await fetch(`${REKEY_URL}/graphql`, { method: 'POST', headers, body })
    const { data, errors } = await answer.json()
    const seconds = answer.headers.get('retry-after')
    if (errors && seconds === null) throw new Error(errors[0].message)
    if (seconds === null) return Object.values(data)[0]
    await new Promise(resolve => setTimeout(resolve, seconds * 1000))
  }
}

/** A hash like Django’s, at the lowest cost. Rekey replaces it at the first sign-in. */
const hashOf = (password, salt = randomBytes(16).toString('hex')) => {
  const key = pbkdf2Sync(password, salt, 10_000, 32, 'sha256')
  return `pbkdf2_sha256$10000$${salt}$${key.toString('base64')}`
}

const errors = 'errors { ... on UserError { message } }'
const find = `query ($input: [String!]) { users(first: 100, filter: { logins: $input }) { nodes { id login } } }`
const add = `mutation ($input: ImportUsersInput!) { importUsers(input: $input) { results { ${errors} } } }`
const rotate = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${errors} } }`
const block = `mutation ($input: BlockUsersInput!) { blockUsers(input: $input) { results { ${errors} } } }`

/** Sends one hundred people. Returns their results, in the same order. */
const sendPart = async part => {
  if (task === 'add') {
    const users = part.map(({ password, ...one }) => ({ ...one, passwordHash: hashOf(password) }))
    return (await send(add, { sendMail: false, users })).results
  }
  const logins = part.map(({ login }) => login)
  const ids = new Map((await send(find, logins)).nodes.map(({ id, login }) => [login, id]))
  const userIds = logins.map(login => ids.get(login) ?? login)
  if (task === 'block') return (await send(block, { userIds })).results
  const results = []
  for (const [index, { password: newPassword }] of part.entries()) {
    results.push(await send(rotate, { userId: userIds[index], currentPassword, newPassword }))
  }
  return results
}

for (let from = 0; from < people.length; from += 100) {
  const results = await sendPart(people.slice(from, from + 100))
  for (const [index, { errors }] of results.entries()) {
    console.log([people[from + index].login, ...errors.map(({ message }) => message)].join(': '))
  }
}
