import Negotiator from 'negotiator'

/** Of answers to clients that know nothing newer. */
export const json = 'application/json; charset=utf-8'

/** Of answers whose status may be other than 200 without a doubt who gave it (GraphQL over HTTP). */
export const graphqlResponse = 'application/graphql-response+json; charset=utf-8'

const preferred = (accept: string, types: string[]): string | undefined =>
  new Negotiator({ headers: { accept } }).mediaType(types)

/**
 * The media type in which GraphQL is answered.
 *
 * @param accept the Accept header; without one it is JSON.
 * @returns null when none of ours is accepted.
 */
export const answerType = (accept: string | undefined): string | null =>
  accept ? (preferred(accept, [json, graphqlResponse]) ?? null) : json

/** Whether a page is asked for rather than data, as browsers do. */
export const prefersPage = (accept: string | undefined): boolean =>
  accept !== undefined && preferred(accept, [json, graphqlResponse, 'text/html']) === 'text/html'
