import type { OperationVariables, TypedDocumentNode } from '@apollo/client'
import { useQuery } from '@apollo/client/react'
import { useState } from 'react'

/** The arguments with which a connection is paged. */
interface PageVariables {
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
}

interface Options<Variables> {
  /** The query's other variables. */
  variables?: Omit<Variables, keyof PageVariables>
  /** How many are shown at once: at most 100, which is as many as the API gives. */
  pageSize?: number
  /** Whether nothing is to be asked for. */
  skip?: boolean
}

/**
 * A page of a connection, the first to begin with. What is shown stays until the next page is
 * there, and is looked at again when someone comes back to the window.
 *
 * `turn` is for `PageButtons`; `toFirst` is for when something else than the page changes.
 */
export const usePagedQuery = <Data, Variables extends OperationVariables>(
  query: TypedDocumentNode<Data, Variables>,
  { variables, pageSize = 25, skip = false }: Options<NoInfer<Variables>> = {},
) => {
  const [place, setPlace] = useState<PageVariables>({ after: null })
  const { data, previousData, ...result } = useQuery(
    // What remains when the page is taken away is beyond what TypeScript works out.
    query as TypedDocumentNode<Data, OperationVariables>,
    {
      variables: {
        ...variables,
        ...('before' in place ? { last: pageSize, ...place } : { first: pageSize, ...place }),
      },
      skip,
      fetchPolicy: 'cache-and-network',
      refetchOn: { windowFocus: true },
    },
  )
  return {
    ...result,
    data: (data ?? previousData) as Data | undefined,
    toFirst: () => setPlace({ after: null }),
    turn: {
      onPrevious: (before: string | null) => setPlace({ before }),
      onNext: (after: string | null) => setPlace({ after }),
    },
  }
}
