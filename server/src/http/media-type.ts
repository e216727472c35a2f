import Negotiator from 'negotiator'

/** Of answers to clients that know nothing newer. */
export const json = 'application/json; charset=utf-8'

/** Of answers whose status may be other than 200 without a doubt who gave it (GraphQL over HTTP). */
const graphqlResponse = 'application/graphql-response+json; charset=utf-8'

/**
 * The media type of a GraphQL answer; undefined if the client accepts none.
 *
 * @param accept the Accept header; without one it is JSON.
 * @param others types that can be answered as well.
 */
export const answerType = (accept: string | undefined, ...others: string[]): string | undefined =>
  // Negotiator takes the square of what has commas in quotes; header-bounds.ts refuses longer ones.
  new Negotiator({ headers: { accept: accept?.slice(0, 1_000) || json } }).mediaType([
    json,
    graphqlResponse,
    ...others,
  ])

/**
 * The status if the document or its variables are at fault. A client that accepts only
 * application/json can't know whether a 4xx came from us or from something in between, and
 * gets a 200 (GraphQL over HTTP, 6.4.1 and 6.4.2).
 */
export const documentFaultStatus = (accept: string | undefined): number =>
  answerType(accept) === graphqlResponse ? 400 : 200
