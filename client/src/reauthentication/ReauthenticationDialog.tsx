import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useLocale } from '../messages/use-locale'
import { Dialog } from '../ui/Dialog'

const ReauthenticationForm = lazy(() =>
  import('./ReauthenticationForm').then(part => ({ default: part.ReauthenticationForm })),
)

interface Props {
  opened: boolean
  /** @param confirmed false if the user cancelled. */
  onAnswer: (confirmed: boolean) => void
}

/** Asks the user to confirm their identity before a sensitive action. */
export const ReauthenticationDialog = ({ opened, onAnswer }: Props) => {
  const { t } = useLocale()
  return (
    <Dialog
      opened={opened}
      onClose={() => onAnswer(false)}
      title={t('reauthentication.form.title')}
      closeOnClickOutside={false}
      // It may open over another dialog, which must stay open. The other dialog would also
      // react to Esc unless the focused element has this mark.
      zIndex={300}
      closeOnEscape={false}
      onFocusCapture={event => event.target.setAttribute('data-mantine-stop-propagation', 'true')}
      onKeyDown={event => {
        if (event.key === 'Escape' && !event.nativeEvent.isComposing) onAnswer(false)
      }}
    >
      <Suspense fallback={<Skeleton height={58} />}>
        <ReauthenticationForm onAnswer={onAnswer} />
      </Suspense>
    </Dialog>
  )
}
