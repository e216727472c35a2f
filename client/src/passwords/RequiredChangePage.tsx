import { Text } from '@mantine/core'
import { useSignOut } from '../sessions/use-sign-out'
import { EntryPage } from '../ui/EntryPage'
import { PageTitle } from '../ui/PageTitle'
import { ChangePasswordDialog } from './ChangePasswordDialog'
import type { PasswordOwner } from './ChangePasswordForm'

/** Shown instead of every page while a user has to change their password first. */
export const RequiredChangePage = ({ viewer }: { viewer: PasswordOwner }) => {
  const signOut = useSignOut()
  return (
    <EntryPage>
      <PageTitle title="Choose your own password" />
      <Text mt="sm" c="dimmed">
        Someone else set your password. Choose one that only you know, and go on from there.
      </Text>
      <ChangePasswordDialog
        user={viewer}
        own
        opened
        insteadOfCancel="Sign out"
        onClose={() => void signOut()}
      />
    </EntryPage>
  )
}
