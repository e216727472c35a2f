import { Button } from '@mantine/core'
import { IconFileImport, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { useLocale } from '../messages/use-locale'

const AddUserDialog = lazy(() =>
  import('./AddUserDialog').then(part => ({ default: part.AddUserDialog })),
)

/** The buttons that add one user, and many from a file. The dialog loads when it is first opened. */
export const AddUserButtons = () => {
  const { t } = useLocale()
  const [dialog, setDialog] = useState<'unopened' | 'opened' | 'closed'>('unopened')
  return (
    <>
      <Button
        variant="default"
        component={Link}
        to="/account/users/import"
        leftSection={<IconFileImport size={16} aria-hidden />}
      >
        {t('invitations.add.import')}
      </Button>
      <Button
        leftSection={<IconPlus size={16} aria-hidden />}
        aria-haspopup="dialog"
        onClick={() => setDialog('opened')}
      >
        {t('invitations.add.one')}
      </Button>
      {dialog !== 'unopened' && (
        <Suspense>
          <AddUserDialog opened={dialog === 'opened'} onClose={() => setDialog('closed')} />
        </Suspense>
      )}
    </>
  )
}
