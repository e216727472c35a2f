import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { repetitions } from '../testing/repetitions.js'
import { TestServer } from '../testing/test-server.js'
import { BulkJobUserEntity } from './bulk-job-user.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

it('handles each of many users once, while other requests are answered', async () => {
  const count = repetitions(500, 10_000)
  const admin = await server.addUser({ role: 'ADMIN' })
  const client = await server.signedIn(admin)
  await server.database.write(unit =>
    server.services.users.add(
      unit,
      Array.from({ length: count }, (_, index) => ({
        login: `many${index}@rekey.example`,
        firstName: 'Many',
        lastName: `${index}`,
        phone: null,
        language: 'en',
        role: 'MEMBER',
        status: 'ACTIVE',
        passwordHash: 'none',
      })),
    ),
  )
  const { data } = await client.query(
    'mutation ($input: StartBulkJobInput!) { startBulkJob(input: $input) { job { id } } }',
    { input: { action: 'BLOCK', matching: { search: 'many' }, confirmedCount: count } },
  )
  const { id } = data?.startBulkJob.job ?? {}
  const work = server.services.bulkJobWorker.idle()
  const other = await server.addUser()
  await server.signedIn(other)
  await work

  const { data: after } = await client.query(
    'query ($id: ID!) { bulkJob(id: $id) { status done } }',
    { id },
  )
  expect(after?.bulkJob).toEqual({ status: 'DONE', done: count })
  const found = await server.database.read(async unit => ({
    operations: await unit.rows(OperationEntity).countBy({ action: 'BLOCK_USER' }),
    results: await unit.rows(BulkJobUserEntity).countBy({ jobId: id, outcome: 'DONE' }),
  }))
  expect(found).toEqual({ operations: count, results: count })
})
