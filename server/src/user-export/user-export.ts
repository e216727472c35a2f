import { Readable } from 'node:stream'
import { roles, userStatuses } from '@rekey/shared/access'
import { byteOrderMark, csvLine } from '@rekey/shared/csv'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { badInput, passwordChangeRequired, unauthenticated } from '../graphql/api-error.js'
import { headingLanguage, listOf, problemOf, textParameter } from '../http/query-parameters.js'
import { originOf } from '../http/request-origin.js'
import type { Language, PlainMessageId } from '../messages/language.js'
import { maxPasswordAgeDays } from '../user-search/user-connection.type.js'
import type { Caller } from '../users/caller.js'
import type { ExportedUser, UserExportService } from './user-export.service.js'

/** The path of the download. */
export const userExportPath = '/users.csv'

const flag = z
  .enum(['true', 'false'], 'accepts only true or false')
  .transform(value => value === 'true')
  .optional()
const ageRule = `must be a whole number from 1 to ${maxPasswordAgeDays}`

// The arguments of the query `users` as URL parameters, and the language of the headings.
const parameters = {
  search: textParameter.refine(
    value => value === undefined || value.length <= 200,
    'has at most 200 characters',
  ),
  roles: listOf(roles, `accepts only ${roles.join(', ')}`),
  statuses: listOf(userStatuses, `accepts only ${userStatuses.join(', ')}`),
  mustChangePassword: flag,
  hasSecondFactor: flag,
  passwordOlderThanDays: z
    .string(ageRule)
    .regex(/^\d{1,5}$/, ageRule)
    .transform(Number)
    .pipe(z.int(ageRule).min(1, ageRule).max(maxPasswordAgeDays, ageRule))
    .optional(),
  language: headingLanguage,
}
const queryModel = z.strictObject(parameters)

/** A column: its name for programs, its heading for people, and its cells. */
type Column = readonly [string, PlainMessageId, (exported: ExportedUser) => string]

const columns: readonly Column[] = [
  ['id', 'user-export.column.id', ({ user }) => user.id],
  ['login', 'user-export.column.login', ({ user }) => user.login],
  ['firstName', 'user-export.column.firstName', ({ user }) => user.firstName],
  ['lastName', 'user-export.column.lastName', ({ user }) => user.lastName],
  ['phone', 'user-export.column.phone', ({ user }) => user.phone ?? ''],
  ['language', 'user-export.column.language', ({ user }) => user.language],
  ['role', 'user-export.column.role', ({ user }) => user.role],
  ['status', 'user-export.column.status', ({ user }) => user.status],
  [
    'mustChangePassword',
    'user-export.column.mustChangePassword',
    ({ user }) => String(user.mustChangePassword),
  ],
  [
    'passwordChangedAt',
    'user-export.column.passwordChangedAt',
    ({ user }) => user.passwordChangedAt?.toISOString() ?? '',
  ],
  [
    'secondFactors',
    'user-export.column.secondFactors',
    ({ secondFactors }) => secondFactors.join('; '),
  ],
  [
    'lastSignInAt',
    'user-export.column.lastSignInAt',
    ({ user }) => user.lastSignInAt?.toISOString() ?? '',
  ],
  ['createdAt', 'user-export.column.createdAt', ({ user }) => user.createdAt.toISOString()],
]

async function* linesOf(
  batches: AsyncIterable<ExportedUser[]>,
  language: Language | undefined,
): AsyncGenerator<string> {
  // Sent with the first batch. If the database fails before that, the answer is still an error.
  let heading = byteOrderMark + csvLine(columns.map(([name, id]) => language?.t(id) ?? name))
  for await (const batch of batches) {
    const lines = batch.map(user => csvLine(columns.map(([, , read]) => read(user))))
    yield heading + lines.join('')
    heading = ''
  }
  if (heading !== '') yield heading
}

/**
 * Serves users as CSV (RFC 4180, with a byte order mark) at /users.csv, with the filters and the
 * permission of the query `users`. Streams them, so there can be any number.
 *
 * @param callerOf returns the user who is signed in, or null.
 */
export const serveUserExport = (
  app: FastifyInstance,
  userExport: UserExportService,
  callerOf: (request: FastifyRequest) => Promise<Caller | null>,
): void => {
  // A HEAD request would record an export that nobody gets.
  app.get(userExportPath, { exposeHeadRoute: false }, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const caller = await callerOf(request)
    if (caller === null) throw unauthenticated()
    if (caller.mustChangePassword) throw passwordChangeRequired()
    const query = queryModel.safeParse(request.query)
    if (!query.success) {
      throw badInput(problemOf(query.error, userExportPath, Object.keys(parameters)))
    }
    const origin = originOf(request, caller.apiToken?.prefix)
    const { language, ...criteria } = query.data
    const batches = await userExport.start(caller, criteria, origin)
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="users.csv"')
      .send(Readable.from(linesOf(batches, language)))
  })
}
