import { useState } from 'react'

/**
 * The current place in a list: the variables that request the page, the callbacks for
 * `PageButtons`, and a function that returns to the first page.
 *
 * @param size the number of items on a page.
 */
export const usePages = (size: number) => {
  const [place, setPlace] = useState<{ after: string | null } | { before: string | null }>({
    after: null,
  })
  return {
    variables: 'before' in place ? { last: size, ...place } : { first: size, ...place },
    buttonProps: {
      onPrevious: (before: string | null) => setPlace({ before }),
      onNext: (after: string | null) => setPlace({ after }),
    },
    toFirst: () => setPlace({ after: null }),
  }
}
