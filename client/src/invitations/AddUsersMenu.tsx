import { ActionIcon, Menu } from '@mantine/core'
import { IconChevronDown, IconFileImport } from '@tabler/icons-react'
import { Link } from 'react-router'

/** The menu beside the +, opened as it comes. */
export const AddUsersMenu = () => (
  <Menu position="bottom-end" width={220} shadow="md" defaultOpened>
    <Menu.Target>
      <ActionIcon
        variant="default"
        size={30}
        aria-label="More ways to add users"
        title="More ways to add users"
      >
        <IconChevronDown size={16} aria-hidden />
      </ActionIcon>
    </Menu.Target>
    <Menu.Dropdown>
      <Menu.Item
        component={Link}
        to="/account/users/import"
        leftSection={<IconFileImport size={16} aria-hidden />}
      >
        Import from CSV
      </Menu.Item>
    </Menu.Dropdown>
  </Menu>
)
