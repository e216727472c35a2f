import { Notifications } from '@mantine/notifications'
import { useLocale } from '../messages/use-locale'

// Above the header (101), and below dialogs (200) and open menus (300), which they must not cover.
const zIndex = 150

/** The place where messages about completed actions appear. */
export const Messages = () => {
  const { dir } = useLocale()
  return (
    <Notifications
      // At the bottom, because close buttons and the user's menu are at the top. At the end of the
      // line: these positions do not follow the direction of the page.
      position={dir === 'rtl' ? 'bottom-left' : 'bottom-right'}
      zIndex={zIndex}
      // By default, messages are cut off at a height of 200 px.
      notificationMaxHeight="20rem"
    />
  )
}
