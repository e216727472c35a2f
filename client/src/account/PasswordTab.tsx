import { Card, Stack, Text, Title } from '@mantine/core'
import { PasswordRow } from '../passwords/PasswordRow'
import { useMyAccount } from './MyAccountPage'

/** One's own password. */
export const PasswordTab = () => {
  const { user, dialog } = useMyAccount()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="password-section" maw={760}>
      <Title order={2} size="h5" mb="md" id="password-section">
        Password
      </Title>
      <Stack gap="md">
        <PasswordRow user={user} pencil={dialog.pencil} onChangePassword={dialog.open} />
        <Text size="sm" c="dimmed">
          Changing it ends every other session and sends a notice to {user.login}. Here you stay
          signed in, and your API tokens go on working.
        </Text>
      </Stack>
    </Card>
  )
}
