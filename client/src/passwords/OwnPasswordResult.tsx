import { useQuery } from '@apollo/client/react'
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'

const OwnCredentials = graphql(`
  query OwnCredentials {
    viewer {
      id
      secondFactors {
        id
      }
    }
    apiTokens(first: 1) {
      totalCount
    }
  }
`)

/** The end of the dialog after users changed their own password: what ended, and what did not. */
export const OwnPasswordResult = ({ onClose }: { onClose: () => void }) => {
  const { t } = useLocale()
  const { data } = useQuery(OwnCredentials, { fetchPolicy: 'network-only' })
  const done = useRef<HTMLButtonElement>(null)
  // The form, which had the focus, is gone.
  useEffect(() => done.current?.focus(), [])
  const tokens = data?.apiTokens.totalCount ?? 0
  return (
    <Stack gap="md">
      <Alert
        id="password-result"
        color="rekey"
        icon={<IconCheck aria-hidden />}
        title={t('passwords.change.done')}
      >
        {t('passwords.change.consequence.own')}
      </Alert>
      {data?.viewer?.secondFactors?.length ? (
        <Text size="sm">{t('passwords.ownResult.trustedDevices')}</Text>
      ) : null}
      {tokens > 0 && (
        <Text size="sm">
          {t('passwords.ownResult.tokens', { count: tokens })}{' '}
          <Anchor inherit component={Link} to="/account/me/api">
            {t('passwords.ownResult.reviewTokens')}
          </Anchor>
        </Text>
      )}
      <Group justify="flex-end">
        <Button ref={done} aria-describedby="password-result" onClick={onClose}>
          {t('ui.button.done')}
        </Button>
      </Group>
    </Stack>
  )
}
