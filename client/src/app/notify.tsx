import { notifications } from '@mantine/notifications'
import { IconCheck, IconX } from '@tabler/icons-react'

const closeButtonProps = { 'aria-label': 'Close' }

/** Tells that something went well. */
export const notifySuccess = (title: string, message?: string): void => {
  notifications.show({
    color: 'rekey',
    icon: <IconCheck size={18} aria-hidden />,
    title,
    message,
    closeButtonProps,
  })
}

/** Tells that something did not go well, to someone who is no longer where it began. */
export const notifyFailure = (title: string, message: string): void => {
  notifications.show({
    color: 'red',
    icon: <IconX size={18} aria-hidden />,
    title,
    message,
    closeButtonProps,
  })
}
