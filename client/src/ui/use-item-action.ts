import { type RefObject, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from './describe-failure'
import { returnFocus } from './return-focus'

/**
 * Performs an action on one item of a list. Returns the item that is in progress, and why the last
 * action failed.
 *
 * @param refetch loads the list again.
 * @param focusAfter the elements to focus if the pressed button disappears with its item; the first
 * one that is on the page takes the focus.
 */
export const useItemAction = (
  refetch: () => Promise<unknown>,
  ...focusAfter: readonly RefObject<HTMLElement | null>[]
) => {
  const { t } = useLocale()
  const [busyId, setBusyId] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  /** Loads the list again, so that it is correct whether or not the action was done. */
  const showAnew = async () => {
    await refetch().catch(() => undefined)
    returnFocus(...focusAfter)
  }
  /** @param action performs the action. Returns the reason if it was rejected, or null. */
  const run = async (id: string, action: () => Promise<string | null>) => {
    setFailure(null)
    setBusyId(id)
    try {
      setFailure(await action())
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
    await showAnew()
    setBusyId(null)
  }
  return { run, showAnew, busyId, failure }
}
