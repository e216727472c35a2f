import { Notifications } from '@mantine/notifications'

// Above dialogs (200) and below open menus and lists (300), which the user is about to use.
const zIndex = 250

/** The place where messages about completed actions appear. */
export const Messages = () => (
  // By default, messages are cut off at a height of 200 px.
  <Notifications position="top-right" zIndex={zIndex} notificationMaxHeight="20rem" />
)
