import { Button, Group, Modal, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useBlocker } from 'react-router'
import { withoutDialog } from './dialog-address'

interface Props {
  /** Whether something would be lost now. */
  when: boolean
  /** Whether it is just being saved: then links and Back are let through. */
  saving?: boolean
  title: string
  /** What would be lost. */
  message: string
}

/** Asks before the page is left, be it by a link, by Back or by closing the tab. */
export const LeaveGuard = ({ when, saving = false, title, message }: Props) => {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      when &&
      !saving &&
      // The dialog lies over the page, which stays as it is beneath.
      withoutDialog(currentLocation.pathname) !== withoutDialog(nextLocation.pathname),
  )
  useEffect(() => {
    if (!when) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [when])
  return (
    <Modal opened={blocker.state === 'blocked'} onClose={() => blocker.reset?.()} title={title}>
      <Text size="sm">{message}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
          Stay
        </Button>
        <Button color="red.9" onClick={() => blocker.proceed?.()}>
          Leave
        </Button>
      </Group>
    </Modal>
  )
}
