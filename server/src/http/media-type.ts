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

/**
 * Whether a body of this Content-Type is in UTF-8: JSON is unless it says otherwise
 * (RFC 8259, 8.1).
 */
export const isUtf8 = (contentType = ''): boolean =>
  [...contentType.matchAll(/;\s*charset\s*=\s*([^;]*)/gi)].every(([, charset = '']) =>
    /^"?utf-?8"?$/i.test(charset.trim()),
  )
