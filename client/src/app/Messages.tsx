import '@mantine/core/styles/Notification.css'
import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'

/** Where messages about what was done appear; those that came before it did are kept for it. */
export const Messages = () => (
  // Below the header, where they leave its buttons free.
  <Notifications position="top-right" style={{ top: '4.5rem' }} />
)
