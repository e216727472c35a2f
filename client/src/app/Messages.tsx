import { Notifications } from '@mantine/notifications'
import { useLocale } from '../messages/use-locale'

// Above dialogs (200) and below open menus and lists (300), which the user is about to use.
const zIndex = 250

/** The place where messages about completed actions appear. */
export const Messages = () => {
  const { dir } = useLocale()
  return (
    <Notifications
      // At the end of the line. These positions do not follow the direction of the page.
      position={dir === 'rtl' ? 'top-left' : 'top-right'}
      zIndex={zIndex}
      // By default, messages are cut off at a height of 200 px.
      notificationMaxHeight="20rem"
    />
  )
}
