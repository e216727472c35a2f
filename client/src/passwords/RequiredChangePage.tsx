import { Text } from '@mantine/core'
import { useLocale } from '../messages/use-locale'
import { useSignOut } from '../sessions/use-sign-out'
import { EntryPage } from '../ui/EntryPage'
import { PageTitle } from '../ui/PageTitle'
import { ChangePasswordDialog } from './ChangePasswordDialog'
import type { PasswordOwner } from './ChangePasswordForm'

/** Shown instead of every page while a user has to change their password first. */
export const RequiredChangePage = ({ viewer }: { viewer: PasswordOwner }) => {
  const { t } = useLocale()
  const signOut = useSignOut()
  return (
    <EntryPage>
      <PageTitle title={t('passwords.required.title')} />
      <Text mt="sm" c="dimmed">
        {t('passwords.required.intro')}
      </Text>
      <ChangePasswordDialog
        user={viewer}
        own
        opened
        insteadOfCancel={t('sessions.signOut')}
        onClose={() => void signOut()}
      />
    </EntryPage>
  )
}
