import type { GraphQLFormattedError } from 'graphql'
import type { TypedDocumentString } from '../gql/text/graphql'

/** An answer that says why it is none. */
export class RequestFailure extends Error {
  constructor(readonly errors: readonly GraphQLFormattedError[]) {
    super('The request failed.')
    this.name = 'RequestFailure'
  }
}

/**
 * One request without a client and its cache, for pages that need neither: they
 * load sooner.
 *
 * @throws RequestFailure with what the API says; TypeError when it can't be reached.
 */
export const request = async <Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> => {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: document, variables }),
    ...(signal === undefined ? {} : { signal }),
  })
  const { data, errors } = await response.json()
  if (errors !== undefined) throw new RequestFailure(errors)
  return data
}
