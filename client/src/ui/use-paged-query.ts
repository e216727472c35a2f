import type { OperationVariables, TypedDocumentNode } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { usePages } from './use-pages'

interface Options<Variables> {
  /** The query's other variables. */
  variables?: Omit<Variables, 'first' | 'after' | 'last' | 'before'>
  /** How many are shown at once: at most 100, which is as many as the API gives. */
  pageSize?: number
  /** Whether nothing is to be asked for. */
  skip?: boolean
}

/**
 * A page of a connection, the first to begin with. What is shown stays until the next page is
 * there, and is looked at again when someone comes back to the window.
 *
 * `ways` is for `PageButtons`; `toFirst` is for when something else than the page changes.
 */
export const usePagedQuery = <Data, Variables extends OperationVariables>(
  query: TypedDocumentNode<Data, Variables>,
  { variables, pageSize = 25, skip = false }: Options<NoInfer<Variables>> = {},
) => {
  const { variables: page, ways, toFirst } = usePages(pageSize)
  const { data, previousData, ...result } = useQuery(
    // What remains when the page is taken away is beyond what TypeScript works out.
    query as TypedDocumentNode<Data, OperationVariables>,
    {
      variables: { ...variables, ...page },
      skip,
      fetchPolicy: 'cache-and-network',
      refetchOn: { windowFocus: true },
    },
  )
  return {
    ...result,
    data: (data ?? previousData) as Data | undefined,
    ways,
    toFirst,
  }
}
