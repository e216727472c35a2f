import { useCallback, useEffect, useState } from 'react'
import type { TypedDocumentString } from '../gql/text/graphql'
import { request } from './request'

interface Answer<Data> {
  /** What it was asked with; an answer to another question is none. */
  readonly question: string
  readonly data?: Data
  readonly error?: unknown
}

/**
 * Asks the API when the page opens and whenever the variables change, for pages
 * without a client; see {@link request}.
 *
 * @param variables null when there is nothing to ask.
 */
export const useRequest = <Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables | null,
): { data: Data | undefined; error: unknown; retry: () => void } => {
  const [times, setTimes] = useState(1)
  const [answer, setAnswer] = useState<Answer<Data> | null>(null)
  const question = JSON.stringify([times, variables])
  useEffect(() => {
    const [, asked] = JSON.parse(question) as [number, Variables | null]
    if (asked === null) return
    const leaving = new AbortController()
    request(document, asked, leaving.signal).then(
      data => setAnswer({ question, data }),
      error => leaving.signal.aborted || setAnswer({ question, error }),
    )
    return () => leaving.abort()
  }, [document, question])
  const current = answer?.question === question ? answer : null
  const retry = useCallback(() => setTimes(before => before + 1), [])
  return { data: current?.data, error: current?.error, retry }
}
