// The maximum speed of Apollo Server on Fastify: our schema, with users from a constant array. Its
// argument is the port.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import fastify from 'fastify'
import { buildSchema } from 'graphql'

const sdl = readFileSync(join(__dirname, '..', '..', 'server', 'schema.graphql'), 'utf8')
const nodes = Array.from({ length: 25 }, (_, number) => ({
  id: `01a20e86-2689-782c-9e51-c10a50190e${10 + number}`,
  login: `some.person.${number}@seed.example`,
  name: `Some Person ${number}`,
  phone: `+1 555 ${1_000_000 + number}`,
  role: 'MEMBER',
  status: 'ACTIVE',
  lastSignInAt: '2026-01-01T00:00:00.000Z',
}))
const users = {
  totalCount: 100_000,
  totalCountExact: true,
  nodes,
  pageInfo: {
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: 'x'.repeat(80),
    endCursor: 'y'.repeat(80),
  },
}

const main = async (): Promise<void> => {
  const schema = buildSchema(sdl)
  const field = schema.getQueryType()?.getFields().users
  if (field === undefined) throw new Error('The schema has no users.')
  field.resolve = () => users
  const apollo = new ApolloServer({ schema })
  await apollo.start()
  const app = fastify()
  app.route({ method: ['GET', 'POST'], url: '/graphql', handler: fastifyApolloHandler(apollo) })
  await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
  process.stdout.write('is ready\n')
}

main().catch((failure: unknown) => {
  process.stderr.write(`${String(failure)}\n`)
  process.exit(1)
})
