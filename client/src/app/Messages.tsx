import { Notifications } from '@mantine/notifications'

// Above dialogs, which have 200, and below menus and lists that open, which have 300: those are
// what someone has just reached for.
const zIndex = 250

/** Where messages about what was done appear. */
export const Messages = () => (
  // Unless told otherwise, it cuts off what is higher than 200 px.
  <Notifications position="top-right" zIndex={zIndex} notificationMaxHeight="20rem" />
)
