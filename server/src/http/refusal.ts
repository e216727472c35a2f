import type { FastifyReply } from 'fastify'
import { answerType, json } from './media-type.js'

/** A body in the shape of GraphQL's errors, for faults that never reach GraphQL. */
export const refusal = (
  message: string,
  code: string,
  requestId: string,
  extra: Record<string, unknown> = {},
) => ({ errors: [{ message, extensions: { code, ...extra, requestId } }] })

/**
 * Answers with one error and no data.
 *
 * @param extra what the error's `extensions` hold beside the code and the request's id.
 */
export const refuse = (
  reply: FastifyReply,
  status: number,
  message: string,
  code: string,
  extra?: Record<string, unknown>,
): FastifyReply =>
  reply
    .code(status)
    .type(answerType(reply.request.headers.accept) ?? json)
    .send(refusal(message, code, reply.request.id, extra))
