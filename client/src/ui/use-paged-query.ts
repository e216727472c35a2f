import type { OperationVariables, TypedDocumentNode } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { usePages } from './use-pages'

interface Options<Variables> {
  /** The other variables of the query. */
  variables?: Omit<Variables, 'first' | 'after' | 'last' | 'before'>
  /** The number of items on a page; up to 100, the limit of the API. */
  pageSize?: number
  /** Whether to send no request. */
  skip?: boolean
}

/**
 * Loads a page of a connection, starting with the first. The old page stays visible until the next
 * one is loaded. When the user returns to the window, the page is loaded again.
 *
 * `buttonProps` is for `PageButtons`. Call `toFirst` if something other than the page changes.
 */
export const usePagedQuery = <Data, Variables extends OperationVariables>(
  query: TypedDocumentNode<Data, Variables>,
  { variables, pageSize = 25, skip = false }: Options<NoInfer<Variables>> = {},
) => {
  const { variables: page, buttonProps, toFirst } = usePages(pageSize)
  const { data, previousData, ...result } = useQuery(
    // TypeScript cannot derive the type of the variables without those of the page.
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
    buttonProps,
    toFirst,
  }
}
