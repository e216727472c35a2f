import { ActionIcon, Menu } from '@mantine/core'
import { IconChevronDown, IconFileImport, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'

const AddUserDialog = lazy(() =>
  import('./AddUserDialog').then(part => ({ default: part.AddUserDialog })),
)

/**
 * The add button of the Users table and the menu next to it. The dialog loads when it is first
 * opened.
 */
export const AddUserButtons = () => {
  const [dialog, setDialog] = useState<'unopened' | 'opened' | 'closed'>('unopened')
  return (
    <>
      <ActionIcon.Group>
        <ActionIcon
          variant="filled"
          size={30}
          aria-label="Add a user"
          aria-haspopup="dialog"
          title="Add a user"
          onClick={() => setDialog('opened')}
        >
          <IconPlus size={20} aria-hidden />
        </ActionIcon>
        <Menu position="bottom-end" width={220} shadow="md">
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
              Import from a file
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </ActionIcon.Group>
      {dialog !== 'unopened' && (
        <Suspense>
          <AddUserDialog opened={dialog === 'opened'} onClose={() => setDialog('closed')} />
        </Suspense>
      )}
    </>
  )
}
