import { Button, Group, Modal, Stack } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from './describe-failure'
import { useDialogTitle } from './document-title'
import { FailureAlert } from './FailureAlert'

interface Props {
  opened: boolean
  title: string
  /** What will happen. */
  children: ReactNode
  /** The label of the button that confirms. */
  confirm: string
  /** Whether the action removes something. */
  danger?: boolean
  /** Checks the input before the action. If it returns false, the dialog stays open. */
  isReady?: () => boolean
  /** Performs the action. Returns the reason if it was rejected, or null. */
  onConfirm: () => Promise<string | null>
  onClose: () => void
}

/** Asks before an action, and shows the reason if it was rejected. */
export const ConfirmDialog = ({
  opened,
  title,
  children,
  confirm,
  danger = false,
  isReady = () => true,
  onConfirm,
  onClose,
}: Props) => {
  const { t } = useLocale()
  useDialogTitle(opened ? title : null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (opened) setFailure(null)
  }, [opened])
  const run = async () => {
    if (!isReady()) return
    setBusy(true)
    setFailure(null)
    try {
      const refusal = await onConfirm()
      if (refusal === null) onClose()
      else setFailure(refusal)
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Stack gap="md">
        <FailureAlert failure={failure} />
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('ui.button.cancel')}
          </Button>
          <Button {...(danger ? { color: 'red.9' } : {})} loading={busy} onClick={() => void run()}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
