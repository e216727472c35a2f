import { Button, Card, List, Stack, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

/** All that is kept about oneself, to take away. */
export const DataTab = () => (
  <Card withBorder padding="lg" component="section" aria-labelledby="data-section" maw={760}>
    <Title order={2} size="h5" mb="md" id="data-section">
      Your data
    </Title>
    <Stack gap="md" align="flex-start">
      <Text size="sm">
        One file with all that Rekey keeps about you (GDPR, articles 15 and 20). It holds
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>your profile, your role and your permissions,</List.Item>
        <List.Item>your sessions, with their addresses and browsers,</List.Item>
        <List.Item>your second factors, never their secrets, and your trusted devices,</List.Item>
        <List.Item>your API tokens, never what one calls the API with,</List.Item>
        <List.Item>when links to set a password were sent to you,</List.Item>
        <List.Item>
          when your passwords were set; never a password, which nobody can read,
        </List.Item>
        <List.Item>
          the subjects of mails that wait for delivery to you or were not delivered,
        </List.Item>
        <List.Item>every operation that you did, or that was done on you.</List.Item>
      </List>
      <Text size="sm" c="dimmed">
        It is JSON, which other programs can read. Keep it somewhere safe: it is about you.
      </Text>
      <Button
        component="a"
        href="/my-data.json"
        download
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        Download my data
      </Button>
    </Stack>
  </Card>
)
