import './floating-styles'
import { Menu, Text } from '@mantine/core'
import { IconKey, IconLogout, IconUser } from '@tabler/icons-react'
import type { Ref } from 'react'
import { Link } from 'react-router'
import { useSignOut } from '../sessions/use-sign-out'
import { UserMenuButton } from './UserMenuButton'

interface Props {
  viewer: { readonly id: string; readonly name: string; readonly login: string }
  /** The button that opens it. */
  ref: Ref<HTMLButtonElement>
}

/** The menu of the one who is signed in. */
export const UserMenu = ({ viewer, ref }: Props) => {
  const signOut = useSignOut()
  return (
    <Menu position="bottom-end" width={260} shadow="md" withArrow={false}>
      <Menu.Target>
        <UserMenuButton name={viewer.name} ref={ref} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: 'anywhere' }}>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {viewer.name}
          </Text>
          <Text size="xs">{viewer.login}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to="/account/me"
          leftSection={<IconUser size={16} aria-hidden />}
        >
          My account
        </Menu.Item>
        <Menu.Item
          component={Link}
          to="/account/change-password"
          leftSection={<IconKey size={16} aria-hidden />}
        >
          Change password
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void signOut()}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
