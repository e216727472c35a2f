import { ActionIcon } from '@mantine/core'
import { IconChevronDown, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'

const AddUserDialog = lazy(() =>
  import('./AddUserDialog').then(part => ({ default: part.AddUserDialog })),
)
const AddUsersMenu = lazy(() =>
  import('./AddUsersMenu').then(part => ({ default: part.AddUsersMenu })),
)

const MenuButton = (props: { onClick?: () => void }) => (
  <ActionIcon
    variant="default"
    size={30}
    aria-label="More ways to add users"
    aria-haspopup="menu"
    title="More ways to add users"
    {...props}
  >
    <IconChevronDown size={16} aria-hidden />
  </ActionIcon>
)

/** The + of the Users table, and the menu beside it. What they open loads when it is asked for. */
export const AddUserButtons = () => {
  const [dialog, setDialog] = useState<'unopened' | 'opened' | 'closed'>('unopened')
  const [menuWanted, setMenuWanted] = useState(false)
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
        {menuWanted ? (
          <Suspense fallback={<MenuButton />}>
            <AddUsersMenu />
          </Suspense>
        ) : (
          <MenuButton onClick={() => setMenuWanted(true)} />
        )}
      </ActionIcon.Group>
      {dialog !== 'unopened' && (
        <Suspense>
          <AddUserDialog opened={dialog === 'opened'} onClose={() => setDialog('closed')} />
        </Suspense>
      )}
    </>
  )
}
