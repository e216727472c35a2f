import { Button, Group } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useLocale } from '../messages/use-locale'
import { returnFocus } from '../ui/return-focus'

/** Appears disabled, also to screen readers, but can keep the focus. */
const idle = { 'data-disabled': true, 'aria-disabled': true }

interface Props {
  /** Whether there are changes to save. */
  dirty: boolean
  /** Whether the changes are being saved. */
  busy: boolean
  /** Whether the changes cannot be saved as they are. */
  refused?: boolean
  onDiscard: () => void
  /** Saves the changes. By default, the button submits the form that contains it. */
  onSave?: () => void
}

/**
 * The buttons that discard or save the changes on a page. Without changes they can still keep the
 * focus, so that a user who pressed one continues from there.
 */
export const SaveButtons = ({ dirty, busy, refused = false, onDiscard, onSave }: Props) => {
  const { t } = useLocale()
  const save = useRef<HTMLButtonElement>(null)
  const canSave = dirty && !refused
  useEffect(() => {
    // The button loses the focus while it is busy.
    return busy ? () => returnFocus(save) : undefined
  }, [busy])
  return (
    <Group gap="sm" ms="auto">
      <Button
        variant="default"
        disabled={busy}
        {...(dirty ? {} : idle)}
        onClick={() => dirty && onDiscard()}
      >
        {t('forms.save.discard')}
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
        {t('forms.save.save')}
      </Button>
    </Group>
  )
}
