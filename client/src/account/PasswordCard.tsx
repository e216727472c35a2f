import { Card, Stack, Text, Title } from '@mantine/core'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { PasswordRow } from '../passwords/PasswordRow'
import { useMyAccount } from './MyAccountPage'

/** The user's own password. */
export const PasswordCard = () => {
  const { t } = useLocale()
  const { user, dialog } = useMyAccount()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="password-section">
      <Title order={2} size="h5" mb="md" id="password-section">
        {t('account.password.title')}
      </Title>
      <Stack gap="md">
        <PasswordRow
          user={user}
          pencil={dialog.pencil}
          onChangePassword={dialog.open}
          labelled={false}
        />
        <Text size="sm" c="dimmed">
          <Message id="account.password.hint" values={{ login: <bdi>{user.login}</bdi> }} />
        </Text>
      </Stack>
    </Card>
  )
}
