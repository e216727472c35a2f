import { useState } from 'react'

/**
 * Asks before a period in days is saved that has more effect than the saved one: a shorter one, or
 * the first one.
 *
 * @param saved the saved days; null if there are none.
 */
export const useConfirmedDays = (saved: number | null) => {
  const [asked, setAsked] = useState<{ days: number; answer: (yes: boolean) => void }>()
  const close = (yes: boolean) => {
    asked?.answer(yes)
    setAsked(undefined)
  }
  return {
    /** The days that the user is asked about; undefined while no question is open. */
    days: asked?.days,
    /** Whether these days may be saved. Asks the user if they have more effect. */
    maySave: (days: number | null | undefined): Promise<boolean> =>
      days == null || (saved !== null && days >= saved)
        ? Promise.resolve(true)
        : new Promise(answer => setAsked({ days, answer })),
    /** Properties of the dialog that asks. */
    dialog: {
      opened: asked !== undefined,
      onConfirm: async () => {
        close(true)
        return null
      },
      onClose: () => close(false),
    },
  }
}
