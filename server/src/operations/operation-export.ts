import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ApiError } from '../graphql/api-error.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { fullNameOf } from '../users/user-keys.js'
import { type OperationEntity, operationActions, operationOutcomes } from './operation.entity.js'
import type { OperationSelection, OperationService } from './operation.service.js'

const list = <Value extends string>(values: readonly Value[]) =>
  z.preprocess(
    given => (given === undefined || Array.isArray(given) ? given : [given]),
    z.array(z.enum(values)).optional(),
  )

// The filter of the query `operations`, as an address carries it.
const queryModel = z.strictObject({
  actorId: z.string().optional(),
  subjectId: z.string().optional(),
  actions: list(operationActions),
  outcomes: list(operationOutcomes),
  ip: z.string().optional(),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
})

const columns = [
  'number',
  'at',
  'action',
  'outcome',
  'reason',
  'actorId',
  'actorLogin',
  'actorName',
  'subjectId',
  'subjectLogin',
  'subjectName',
  'ip',
  'userAgent',
  'requestId',
  'hash',
]

/** One line for each operation, with the people of a batch read at once. */
async function* linesOf(
  batches: AsyncIterable<OperationEntity[]>,
  users: UserService,
): AsyncGenerator<string[]> {
  for await (const batch of batches) {
    const ids = new Set(batch.flatMap(({ actorId, subjectId }) => [actorId ?? '', subjectId ?? '']))
    const people = new Map((await users.findMany([...ids])).map(user => [user.id, user]))
    const person = (id: string | null) => {
      const user = people.get(id ?? '')
      return [id ?? '', user?.login ?? '', user === undefined ? '' : fullNameOf(user)]
    }
    for (const operation of batch) {
      yield [
        String(operation.number),
        operation.at.toISOString(),
        operation.action,
        operation.outcome,
        operation.reason ?? '',
        ...person(operation.actorId),
        ...person(operation.subjectId),
        operation.ip,
        operation.userAgent,
        operation.requestId,
        operation.hash,
      ]
    }
  }
}

/**
 * Serves the operation list as CSV (RFC 4180) at /operations.csv: the same filter
 * and the same rights as the query `operations`, streamed, so that its length does
 * not matter.
 *
 * @param callerOf who is signed in, or null.
 */
export const serveOperationExport = (
  app: FastifyInstance,
  operations: OperationService,
  users: UserService,
  callerOf: (request: FastifyRequest) => Promise<UserEntity | null>,
): void => {
  const refusal = (message: string, code: string) => ({
    errors: [{ message, extensions: { code } }],
  })
  app.get('/operations.csv', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const caller = await callerOf(request)
    if (caller === null) return reply.code(401).send(refusal('Sign in first.', 'UNAUTHENTICATED'))
    if (caller.mustChangePassword) {
      return reply.code(403).send(refusal('Change your password first.', 'FORBIDDEN'))
    }
    const query = queryModel.safeParse(request.query)
    if (!query.success) {
      return reply
        .code(400)
        .send(refusal('This filter is not one of operations.', 'BAD_USER_INPUT'))
    }
    const { from, until, ...rest } = query.data
    const selection = {
      ...rest,
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(until === undefined ? {} : { until: new Date(until) }),
    } as OperationSelection
    let batches: AsyncIterable<OperationEntity[]>
    try {
      batches = operations.readAll(caller, selection)
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure
      return reply.code(403).send(refusal(failure.message, 'FORBIDDEN'))
    }
    // Spreadsheets take a cell that begins with = or + for a formula: it is quoted.
    const csv = stringify({
      header: true,
      columns,
      escape_formulas: true,
      record_delimiter: '\r\n',
    })
    const lines = Readable.from(linesOf(batches, users))
    lines.on('error', failure => csv.destroy(failure))
    csv.on('close', () => lines.destroy())
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="operations.csv"')
      .send(lines.pipe(csv))
  })
}
