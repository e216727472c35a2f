import { useState } from 'react'

/**
 * Where in a list one is: what the page is asked for with, the ways that `PageButtons` lead,
 * and the way back to the first page.
 *
 * @param size how many a page has.
 */
export const usePages = (size: number) => {
  const [place, setPlace] = useState<{ after: string | null } | { before: string | null }>({
    after: null,
  })
  return {
    variables: 'before' in place ? { last: size, ...place } : { first: size, ...place },
    ways: {
      onPrevious: (before: string | null) => setPlace({ before }),
      onNext: (after: string | null) => setPlace({ after }),
    },
    toFirst: () => setPlace({ after: null }),
  }
}
