import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { TypedDocumentString } from '../gql/text/graphql'

/** A document as the text that {@link request} sends, for pages that load GraphQL's printer anyway. */
export const textOf = <Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
): TypedDocumentString<Data, Variables> => new TypedDocumentString(print(document))
