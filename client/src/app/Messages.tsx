import '@mantine/core/styles/Notification.css'
import '@mantine/notifications/styles.css'
import './messages.css'
import { Notifications } from '@mantine/notifications'

/** Where messages about what was done appear; those that came before it did are kept for it. */
export const Messages = () => <Notifications position="top-right" />
