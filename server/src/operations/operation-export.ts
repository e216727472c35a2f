import { Readable } from 'node:stream'
import { mayReadUser } from '@rekey/shared/access'
import { byteOrderMark, csvLine } from '@rekey/shared/csv'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { badInput, passwordChangeRequired, unauthenticated } from '../graphql/api-error.js'
import { headingLanguage, listOf, problemOf, textParameter } from '../http/query-parameters.js'
import type { Language, PlainMessageId } from '../messages/language.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import { fullNameOf, pseudonymOf } from '../users/user-keys.js'
import { type OperationEntity, operationActions, operationOutcomes } from './operation.entity.js'
import type { OperationSelection, OperationService } from './operation.service.js'
import type { OperationChange } from './operation-change.js'

const time = z.iso
  .datetime({ offset: true, error: 'requires one time such as 2027-01-31T12:00:00Z' })
  .optional()

// The filter of the query `operations` as URL parameters, and the language of the headings.
const parameters = {
  actorId: textParameter,
  subjectId: textParameter,
  actions: listOf(operationActions, 'accepts only values of OperationAction, such as LOG_IN'),
  outcomes: listOf(operationOutcomes, `accepts only ${operationOutcomes.join(' or ')}`),
  ip: textParameter,
  apiTokenPrefix: textParameter,
  from: time,
  until: time,
  language: headingLanguage,
}
const queryModel = z.strictObject(parameters)

// The names of the columns for programs, and their headings for people.
const columns = {
  number: 'operations.column.number',
  at: 'operations.column.at',
  action: 'operations.column.action',
  outcome: 'operations.column.outcome',
  reason: 'operations.column.reason',
  actorId: 'operations.column.actorId',
  actorLogin: 'operations.column.actorLogin',
  actorName: 'operations.column.actorName',
  subjectId: 'operations.column.subjectId',
  subjectLogin: 'operations.column.subjectLogin',
  subjectName: 'operations.column.subjectName',
  ip: 'operations.column.ip',
  userAgent: 'operations.column.userAgent',
  requestId: 'operations.column.requestId',
  hash: 'operations.column.hash',
  apiTokenPrefix: 'operations.column.apiTokenPrefix',
  changes: 'operations.column.changes',
} as const satisfies Record<string, PlainMessageId>

/** Such as “role: MEMBER → ADMIN”. Only the name if no value is stored. */
const inWords = ({ name, from, to }: OperationChange): string => {
  if (from === to) return from === null ? name : `${name}: ${from}`
  return `${name}: ${from ?? 'none'} → ${to ?? 'none'}`
}

/**
 * The names of the columns, then a line for each operation. Reads all users of a batch in one
 * query. Leaves out the login of a user whom the caller may not read.
 */
async function* linesOf(
  batches: AsyncIterable<OperationEntity[]>,
  users: UserService,
  caller: Caller,
  language: Language | undefined,
): AsyncGenerator<string> {
  // Sent with the first batch. If the database fails before that, the answer is still an error.
  const headings = Object.entries(columns).map(([name, id]) => language?.t(id) ?? name)
  let heading = byteOrderMark + csvLine(headings)
  for await (const batch of batches) {
    const ids = new Set(batch.flatMap(({ actorId, subjectId }) => [actorId ?? '', subjectId ?? '']))
    const people = new Map((await users.findMany([...ids])).map(user => [user.id, user]))
    const person = (id: string | null) => {
      if (id === null) return ['', '', '']
      const user = people.get(id)
      if (user === undefined) return [id, '', pseudonymOf(id)]
      return [id, mayReadUser(caller, user) ? user.login : '', fullNameOf(user)]
    }
    const lines = batch.map(operation =>
      csvLine([
        String(operation.number ?? ''),
        operation.at.toISOString(),
        operation.action,
        operation.outcome,
        operation.reason ?? '',
        ...person(operation.actorId),
        ...person(operation.subjectId),
        operation.ip,
        operation.userAgent,
        operation.requestId,
        operation.hash ?? '',
        operation.apiTokenPrefix ?? '',
        operation.changes.map(inWords).join('; '),
      ]),
    )
    yield heading + lines.join('')
    heading = ''
  }
  if (heading !== '') yield heading
}

/**
 * Serves the operation list as CSV (RFC 4180, with a byte order mark) at
 * /operations.csv, with the filter and the permissions of the query `operations`. Streams it, so it
 * can be of any length.
 *
 * @param callerOf returns the user who is signed in, or null.
 */
export const serveOperationExport = (
  app: FastifyInstance,
  operations: OperationService,
  users: UserService,
  callerOf: (request: FastifyRequest) => Promise<Caller | null>,
): void => {
  app.get('/operations.csv', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const caller = await callerOf(request)
    if (caller === null) throw unauthenticated()
    if (caller.mustChangePassword) throw passwordChangeRequired()
    const query = queryModel.safeParse(request.query)
    if (!query.success) {
      throw badInput(problemOf(query.error, '/operations.csv', Object.keys(parameters)))
    }
    const { from, until, language, ...rest } = query.data
    const selection = {
      ...rest,
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(until === undefined ? {} : { until: new Date(until) }),
    } as OperationSelection
    const batches = operations.readAll(caller, selection)
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="operations.csv"')
      .send(Readable.from(linesOf(batches, users, caller, language)))
  })
}
