import { Menu, Text, UnstyledButton } from '@mantine/core'
import { IconKey, IconLogout, IconUser } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useLocale } from '../messages/use-locale'
import { useSignOut } from '../sessions/use-sign-out'
import classes from './UserMenu.module.css'

/** The first letters of the first two words, or the first two letters if there is only one word. */
const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/).slice(0, 2)
  const length = words.length === 1 ? 2 : 1
  return words
    .map(word => [...word].slice(0, length).join(''))
    .join('')
    .toUpperCase()
}

interface Props {
  viewer: { readonly name: string; readonly login: string }
}

/** The menu of the signed-in user. */
export const UserMenu = ({ viewer }: Props) => {
  const { t } = useLocale()
  const signOut = useSignOut()
  const initials = initialsOf(viewer.name)
  return (
    <Menu
      position="bottom-end"
      width={260}
      shadow="md"
      // Within the banner, so that it is in a landmark.
      withinPortal={false}
      withArrow={false}
    >
      <Menu.Target>
        <UnstyledButton // The name contains the visible letters (WCAG 2.2, 2.5.3).
          aria-label={t('app.userMenu.label', { name: viewer.name, initials })}
        >
          <span className={classes.initials} aria-hidden>
            {initials}
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: 'anywhere' }}>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {viewer.name}
          </Text>
          <Text size="xs">
            <bdi>{viewer.login}</bdi>
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to="/account/me"
          leftSection={<IconUser size={16} aria-hidden />}
        >
          {t('app.navigation.myAccount')}
        </Menu.Item>
        <Menu.Item
          component={Link}
          to="/account/change-password"
          leftSection={<IconKey size={16} aria-hidden />}
        >
          {t('app.userMenu.changePassword')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void signOut()}
        >
          {t('sessions.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
