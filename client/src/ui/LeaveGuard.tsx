import { Button, Group, Modal, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useBlocker } from 'react-router'
import { useLocale } from '../messages/use-locale'
import { withoutDialog } from './dialog-address'
import { useDialogTitle } from './document-title'

interface Props {
  /** Whether the page has data that would be lost. */
  when: boolean
  /** Whether the data is being saved. Links and Back are then allowed. */
  saving?: boolean
  title: string
  /** A sentence about the data that would be lost. */
  message: string
}

/** Asks before the user leaves the page through a link, Back or by closing the tab. */
export const LeaveGuard = ({ when, ...props }: Props) =>
  // The router asks only one guard, so a form without changes must not have one.
  when ? <ActiveGuard {...props} /> : null

const ActiveGuard = ({ saving = false, title, message }: Omit<Props, 'when'>) => {
  const { t } = useLocale()
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      !saving &&
      // The dialog is shown over the page, which does not change.
      withoutDialog(currentLocation.pathname) !== withoutDialog(nextLocation.pathname),
  )
  useDialogTitle(blocker.state === 'blocked' ? title : null)
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [])
  return (
    <Modal opened={blocker.state === 'blocked'} onClose={() => blocker.reset?.()} title={title}>
      <Text size="sm">{message}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
          {t('ui.leaveGuard.stay')}
        </Button>
        <Button color="red.9" onClick={() => blocker.proceed?.()}>
          {t('ui.leaveGuard.leave')}
        </Button>
      </Group>
    </Modal>
  )
}
