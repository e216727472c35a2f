import type { FastifyReply } from 'fastify'
import { answerType, json } from './media-type.js'

/** A response body in the form of GraphQL errors, for errors that occur before GraphQL. */
export const refusal = (
  message: string,
  code: string,
  requestId: string,
  extra: Record<string, unknown> = {},
) => ({ errors: [{ message, extensions: { code, ...extra, requestId } }] })

/**
 * Answers with one error and no data.
 *
 * @param extra further `extensions` of the error, beside the code and the request's id.
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
