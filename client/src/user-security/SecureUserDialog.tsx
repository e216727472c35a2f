import { useApolloClient, useQuery } from '@apollo/client/react'
import { Alert, Button, Checkbox, Group, List, Skeleton, Stack, Text } from '@mantine/core'
import { type SubmitEvent, useEffect, useState } from 'react'
import { graphql } from '../gql'
import { MailNotice } from '../mail/MailNotice'
import { useMailSettings } from '../mail/use-mail-settings'
import { useLocale } from '../messages/use-locale'
import { Dialog } from '../ui/Dialog'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { useBlockReason } from '../users/use-block-reason'

const SecurePreview = graphql(`
  query SecurePreview($id: ID!) {
    user(id: $id) {
      id
      secondFactors {
        id
      }
      sessions(first: 0) {
        totalCount
      }
      apiTokens(first: 100) {
        nodes {
          id
          expiresAt
        }
      }
      trustedDevices(first: 0) {
        totalCount
      }
    }
  }
`)

const SecureUser = graphql(`
  mutation SecureUser($input: SecureUserInput!) {
    secureUser(input: $input) {
      user {
        id
        status
        hasPassword
      }
      resetLinkSent
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

/** How an account was secured. */
export interface Secured {
  readonly resetLinkSent: boolean
  readonly blocked: boolean
}

interface Props {
  user: {
    readonly id: string
    readonly name: string
    readonly login: string
    readonly status: string
  }
  opened: boolean
  onClose: () => void
  onSecured: (secured: Secured) => void
}

const SecureUserForm = ({ user, onClose, onSecured }: Omit<Props, 'opened'>) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const settings = useMailSettings()
  const { data } = useQuery(SecurePreview, {
    variables: { id: user.id },
    fetchPolicy: 'network-only',
  })
  const reason = useBlockReason()
  const [block, setBlock] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const preview = data?.user
  const now = new Date()
  const tokens = preview?.apiTokens?.nodes.filter(({ expiresAt }) => new Date(expiresAt) > now)
  const isBlocked = user.status === 'BLOCKED'

  const secure = async () => {
    if (!reason.check()) return
    setBusy(true)
    setFailure(null)
    try {
      const variables = { input: { userId: user.id, block, reason: reason.reason } }
      const { data: answer } = await client.mutate({ mutation: SecureUser, variables })
      const error = answer?.secureUser.errors[0]
      if (error !== undefined) setFailure(error.message)
      else {
        onSecured({
          resetLinkSent: answer?.secureUser.resetLinkSent === true,
          blocked: answer?.secureUser.user?.status === 'BLOCKED',
        })
      }
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      noValidate
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault()
        void secure()
      }}
    >
      <Stack gap="md">
        <FailureAlert failure={failure} />
        <Text size="sm">{t('user-security.secure.intro')}</Text>
        {preview == null ? (
          <Skeleton height={120} aria-busy="true" aria-label={t('user-security.tab.loading')} />
        ) : (
          <List size="sm" spacing={4}>
            <List.Item>{t('user-security.secure.password')}</List.Item>
            <List.Item>
              {t('user-security.secure.sessions', { count: preview.sessions?.totalCount ?? 0 })}
            </List.Item>
            <List.Item>
              {t('user-security.secure.devices', {
                count: preview.trustedDevices?.totalCount ?? 0,
              })}
            </List.Item>
            <List.Item>
              {t('user-security.secure.tokens', { count: tokens?.length ?? 0 })}
            </List.Item>
            <List.Item>{t('user-security.secure.links')}</List.Item>
            <List.Item>
              {block || isBlocked
                ? t('user-security.secure.noLinkIfBlocked')
                : settings?.configured === false
                  ? t('user-security.secure.noMail')
                  : t('user-security.secure.resetLink', { login: user.login })}
            </List.Item>
          </List>
        )}
        <MailNotice />
        {(preview?.secondFactors?.length ?? 0) > 0 && (
          <Alert color="yellow">{t('user-security.secure.secondFactors')}</Alert>
        )}
        {!isBlocked && (
          <Checkbox
            label={t('user-security.secure.block')}
            description={t('user-security.secure.blockHint')}
            checked={block}
            onChange={event => setBlock(event.currentTarget.checked)}
          />
        )}
        {reason.field}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('ui.button.cancel')}
          </Button>
          <Button type="submit" color="red.9" loading={busy}>
            {t('user-security.secure.confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Shows what securing an account does, and does it. */
export const SecureUserDialog = ({ opened, ...props }: Props) => {
  const { t } = useLocale()
  // A new form each time, so that no earlier reason stays.
  const [times, setTimes] = useState(0)
  useEffect(() => {
    if (opened) setTimes(count => count + 1)
  }, [opened])
  return (
    <Dialog
      opened={opened}
      onClose={props.onClose}
      title={t('user-security.secure.title', { name: props.user.name })}
    >
      <SecureUserForm key={times} {...props} />
    </Dialog>
  )
}
