import Negotiator from 'negotiator'

/** The media type for clients that support nothing newer. */
export const json = 'application/json; charset=utf-8'

/**
 * With this media type, clients know that any status comes from the GraphQL server (GraphQL over
 * HTTP).
 */
const graphqlResponse = 'application/graphql-response+json; charset=utf-8'

/**
 * The media type of a GraphQL answer; undefined if the client accepts none.
 *
 * @param accept the Accept header. Defaults to JSON.
 * @param others further available types.
 */
export const answerType = (accept: string | undefined, ...others: string[]): string | undefined =>
  // Negotiator needs quadratic time for commas in quotes; header-bounds.ts rejects longer headers.
  new Negotiator({ headers: { accept: accept?.slice(0, 1_000) || json } }).mediaType([
    json,
    graphqlResponse,
    ...others,
  ])

/**
 * The status if the document or its variables are invalid. A client that accepts only
 * application/json cannot know whether a 4xx comes from this server or from something in between,
 * so it gets a 200 (GraphQL over HTTP, 6.4.1 and 6.4.2).
 */
export const documentFaultStatus = (accept: string | undefined): number =>
  answerType(accept) === graphqlResponse ? 400 : 200
