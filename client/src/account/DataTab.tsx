import { Button, Card, List, Stack, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { DeleteAccountCard } from './DeleteAccountCard'

const contentMessages: readonly PlainMessageId[] = [
  'account.data.profile',
  'account.data.sessions',
  'account.data.secondFactors',
  'account.data.apiTokens',
  'account.data.links',
  'account.data.passwords',
  'account.data.mails',
  'account.data.operations',
]

/** The data that Rekey stores about the user, to download. */
const DownloadCard = () => {
  const { t } = useLocale()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="data-section" maw={760}>
      <Title order={2} size="h5" mb="md" id="data-section">
        {t('account.data.title')}
      </Title>
      <Stack gap="md" align="flex-start">
        <Text size="sm">{t('account.data.intro')}</Text>
        <List size="sm" spacing={4}>
          {contentMessages.map(message => (
            <List.Item key={message}>{t(message)}</List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed">
          {t('account.data.format')}
        </Text>
        <Button
          component="a"
          href="/my-data.json"
          download
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t('account.data.download')}
        </Button>
      </Stack>
    </Card>
  )
}

/** The data of the user, to download, and the end of the account. */
export const DataTab = () => (
  <Stack gap="lg">
    <DownloadCard />
    <DeleteAccountCard />
  </Stack>
)
