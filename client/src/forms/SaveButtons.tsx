import { Button, Group } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { returnFocus } from '../ui/return-focus'

/** Looks and sounds disabled, and can hold the focus. */
const idle = { 'data-disabled': true, 'aria-disabled': true }

interface Props {
  /** Whether there is something to save. */
  dirty: boolean
  /** Whether it is being saved. */
  busy: boolean
  /** Whether what there is can't be saved as it is. */
  refused?: boolean
  onDiscard: () => void
  /** Saves it; without, the form that the buttons stand in is submitted. */
  onSave?: () => void
}

/**
 * Discards or saves what was changed on a page. With nothing to do the buttons still hold the
 * focus: whoever pressed one goes on from it.
 */
export const SaveButtons = ({ dirty, busy, refused = false, onDiscard, onSave }: Props) => {
  const save = useRef<HTMLButtonElement>(null)
  const canSave = dirty && !refused
  useEffect(() => {
    // The button loses it while it is busy.
    return busy ? () => returnFocus(save) : undefined
  }, [busy])
  return (
    <Group gap="sm" ml="auto">
      <Button
        variant="default"
        disabled={busy}
        {...(dirty ? {} : idle)}
        onClick={() => dirty && onDiscard()}
      >
        Discard
      </Button>
      <Button
        ref={save}
        type={onSave === undefined ? 'submit' : 'button'}
        loading={busy}
        {...(canSave ? {} : idle)}
        onClick={event => {
          if (!canSave) event.preventDefault()
          else onSave?.()
        }}
      >
        Save changes
      </Button>
    </Group>
  )
}
