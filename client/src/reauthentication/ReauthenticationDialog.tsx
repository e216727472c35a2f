import { Modal, Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'

const ReauthenticationForm = lazy(() =>
  import('./ReauthenticationForm').then(part => ({ default: part.ReauthenticationForm })),
)

interface Props {
  opened: boolean
  /** @param confirmed false when the person gave up. */
  onAnswer: (confirmed: boolean) => void
}

/** Asks again who is calling, before something dangerous is done. */
export const ReauthenticationDialog = ({ opened, onAnswer }: Props) => (
  <Modal
    opened={opened}
    onClose={() => onAnswer(false)}
    title="Confirm that it is you"
    closeOnClickOutside={false}
    // It may come over another dialog, which is to stay as it is: that one would hear Esc
    // as well, unless what has the focus is marked.
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
  </Modal>
)
