import { ActionIcon, Menu } from '@mantine/core'
import { IconChevronDown, IconFileImport, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { useLocale } from '../messages/use-locale'

const AddUserDialog = lazy(() =>
  import('./AddUserDialog').then(part => ({ default: part.AddUserDialog })),
)

/**
 * The add button of the Users table and the menu next to it. The dialog loads when it is first
 * opened.
 */
export const AddUserButtons = () => {
  const { t } = useLocale()
  const [dialog, setDialog] = useState<'unopened' | 'opened' | 'closed'>('unopened')
  return (
    <>
      <ActionIcon.Group>
        <ActionIcon
          variant="filled"
          size={30}
          aria-label={t('invitations.add.one')}
          aria-haspopup="dialog"
          title={t('invitations.add.one')}
          onClick={() => setDialog('opened')}
        >
          <IconPlus size={20} aria-hidden />
        </ActionIcon>
        <Menu position="bottom-end" width={220} shadow="md">
          <Menu.Target>
            <ActionIcon
              variant="default"
              size={30}
              aria-label={t('invitations.add.more')}
              title={t('invitations.add.more')}
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
              {t('invitations.add.import')}
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
