import { useState } from 'react'
import { describeFailure } from './describe-failure'

/**
 * Does something to one thing of a list, and tells which one it is doing it to and why the last
 * was not done.
 *
 * @param onDone shows the list anew: done or not, what is shown is to be right again.
 */
export const useItemAction = (onDone: () => Promise<unknown>) => {
  const [busyId, setBusyId] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  /** @param action does it; the answer is why it was refused, or null. */
  const run = async (id: string, action: () => Promise<string | null>) => {
    setFailure(null)
    setBusyId(id)
    try {
      setFailure(await action())
    } catch (problem) {
      setFailure(describeFailure(problem))
    }
    await onDone().catch(() => undefined)
    setBusyId(null)
  }
  return { run, busyId, failure }
}
