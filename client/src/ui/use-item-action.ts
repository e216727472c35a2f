import { type RefObject, useState } from 'react'
import { describeFailure } from './describe-failure'
import { returnFocus } from './return-focus'

/**
 * Does something to one thing of a list, and tells which one it is doing it to and why the last
 * was not done.
 *
 * @param refetch gets the list anew.
 * @param focusAfter what takes the focus when the button that was pressed is gone with its
 * thing: the first of them that is on the page.
 */
export const useItemAction = (
  refetch: () => Promise<unknown>,
  ...focusAfter: readonly RefObject<HTMLElement | null>[]
) => {
  const [busyId, setBusyId] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  /** Shows the list anew: done or not, what is shown is to be right again. */
  const showAnew = async () => {
    await refetch().catch(() => undefined)
    returnFocus(...focusAfter)
  }
  /** @param action does it; the answer is why it was refused, or null. */
  const run = async (id: string, action: () => Promise<string | null>) => {
    setFailure(null)
    setBusyId(id)
    try {
      setFailure(await action())
    } catch (problem) {
      setFailure(describeFailure(problem))
    }
    await showAnew()
    setBusyId(null)
  }
  return { run, showAnew, busyId, failure }
}
