import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { Alert, Button, Card, Checkbox, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconLock, IconSend } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { graphql } from '../gql'
import type { WebhookQuery } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { Breadcrumb } from '../ui/Breadcrumb'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import facts from '../ui/facts.module.css'
import { hostOf } from '../ui/formats'
import { LoadFailure } from '../ui/LoadFailure'
import { NotFound } from '../ui/NotFound'
import { notifyFailure, notifyProblem, notifySuccess } from '../ui/notify'
import { PageTitle } from '../ui/PageTitle'
import { returnFocus } from '../ui/return-focus'
import { TimeAgo } from '../users/TimeAgo'
import { Deliveries, DeliveriesTable } from './DeliveriesTable'
import { DeliveryDialog } from './DeliveryDialog'
import { WebhookStateBadge } from './WebhookBadges'
import { WebhookDialog } from './WebhookDialog'
import { WebhookSecretDialog } from './WebhookSecretDialog'
import { disabledReasonMessages, nameOf } from './webhook-words'

const WebhookDetail = graphql(`
  query Webhook($id: ID!) {
    webhook(id: $id) {
      id
      url
      description
      events
      enabled
      disabledReason
      disabledAt
      failingSince
      previousSecretExpiresAt
      createdAt
      createdByName
    }
  }
`)

const UpdateWebhook = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      webhook {
        id
        url
        description
        events
        enabled
        disabledReason
        disabledAt
        failingSince
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

const RotateSecret = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      secret
      errors {
        message
      }
    }
  }
`)

const DeleteWebhook = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    deleteWebhook(input: $input) {
      deletedWebhookId
      errors {
        message
      }
    }
  }
`)

const TestWebhook = graphql(`
  mutation TestWebhook($input: TestWebhookInput!) {
    testWebhook(input: $input) {
      delivery {
        id
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

type Webhook = NonNullable<WebhookQuery['webhook']>

const Facts = ({ webhook }: { webhook: Webhook }) => {
  const { t, formatList } = useLocale()
  return (
    <Card withBorder padding="md">
      <dl className={facts.list}>
        <dt>{t('webhooks.form.url')}</dt>
        <dd>
          <bdi>{webhook.url}</bdi>
        </dd>
        <dt>{t('webhooks.form.events')}</dt>
        <dd>{formatList(webhook.events)}</dd>
        <dt>{t('webhooks.facts.added')}</dt>
        <dd>
          <Message
            id="webhooks.facts.addedBy"
            values={{ time: <TimeAgo at={webhook.createdAt} />, name: webhook.createdByName }}
          />
        </dd>
        {webhook.previousSecretExpiresAt != null && (
          <>
            <dt>{t('webhooks.facts.oldSecret')}</dt>
            <dd>
              <Message
                id="webhooks.facts.oldSecretExpires"
                values={{ time: <TimeAgo at={webhook.previousSecretExpiresAt} /> }}
              />
            </dd>
          </>
        )}
      </dl>
    </Card>
  )
}

const Trouble = ({ webhook }: { webhook: Webhook }) => {
  const { t } = useLocale()
  if (webhook.disabledReason != null) {
    return (
      <Alert
        icon={<IconAlertTriangle />}
        color={webhook.disabledReason === 'BY_USER' ? 'gray' : 'red'}
        title={t('webhooks.state.disabled')}
      >
        {t(disabledReasonMessages[webhook.disabledReason])}
      </Alert>
    )
  }
  return webhook.failingSince == null ? null : (
    <Alert icon={<IconAlertTriangle />} color="red" title={t('webhooks.state.failing')}>
      <Message
        id="webhooks.trouble.failing"
        values={{ time: <TimeAgo at={webhook.failingSince} /> }}
      />
    </Alert>
  )
}

/** The page of one webhook: its settings, its actions and its deliveries. */
export const WebhookPage = () => {
  const { t } = useLocale()
  const { id = '' } = useParams()
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('webhooks.manage') === true
  const client = useApolloClient()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'edit' | 'rotate' | 'disable' | 'delete' | null>(null)
  const [endPrevious, setEndPrevious] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [deliveryId, setDeliveryId] = useState<string | null>(null)
  const testButton = useRef<HTMLButtonElement>(null)
  const rotateButton = useRef<HTMLButtonElement>(null)
  const { data, error, refetch } = useQuery(WebhookDetail, {
    variables: { id },
    skip: !allowed,
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const [updateWebhook, { loading: updating }] = useMutation(UpdateWebhook)
  const [deleteWebhook] = useMutation(DeleteWebhook, { fetchPolicy: 'no-cache' })
  const [testWebhook, { loading: testing }] = useMutation(TestWebhook, { fetchPolicy: 'no-cache' })
  const webhook = data?.webhook
  const close = () => setDialog(null)
  const refresh = () => client.refetchQueries({ include: [WebhookDetail, Deliveries] })

  if (!allowed) {
    return (
      <Stack>
        <PageTitle title={t('webhooks.page.title')} />
        <Alert icon={<IconLock />} title={t('webhooks.forbidden.title')}>
          {t('webhooks.forbidden.text')}
        </Alert>
      </Stack>
    )
  }
  if (webhook == null) {
    if (error !== undefined) {
      return <LoadFailure failure={error} onRetry={() => void refetch()} />
    }
    return data === undefined ? (
      <Stack aria-busy="true" aria-label={t('webhooks.page.loading')}>
        <Skeleton height={36} width={260} />
        <Skeleton height={140} />
      </Stack>
    ) : (
      <NotFound
        title={t('webhooks.page.unknown')}
        instead={{ to: '/account/settings/webhooks', name: t('webhooks.page.all') }}
      />
    )
  }

  const enable = async (enabled: boolean): Promise<string | null> => {
    const { data: answer } = await updateWebhook({
      variables: { input: { webhookId: id, enabled } },
    })
    const [refusal] = answer?.updateWebhook.errors ?? []
    if (refusal !== undefined) return refusal.message
    notifySuccess(enabled ? t('webhooks.done.enabled') : t('webhooks.done.disabled'))
    await refresh()
    return null
  }
  const enableAtOnce = async () => {
    try {
      const refusal = await enable(true)
      if (refusal !== null) notifyFailure(t('webhooks.failed.enable'), refusal)
    } catch (problem) {
      notifyProblem(t, t('webhooks.failed.enable'), problem)
    }
  }
  const sendTest = async () => {
    try {
      const { data: answer } = await testWebhook({ variables: { input: { webhookId: id } } })
      const [refusal] = answer?.testWebhook.errors ?? []
      if (refusal !== undefined) notifyFailure(t('webhooks.failed.test'), refusal.message)
      setDeliveryId(answer?.testWebhook.delivery?.id ?? null)
      await refresh()
    } catch (problem) {
      notifyProblem(t, t('webhooks.failed.test'), problem)
    }
  }

  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Breadcrumb
          group="settings"
          above={{ title: t('webhooks.list.title'), to: '/account/settings/webhooks' }}
          title={nameOf(webhook)}
        />
        <Group gap="sm">
          <PageTitle title={nameOf(webhook)}>
            <bdi>{nameOf(webhook)}</bdi>
          </PageTitle>
          <WebhookStateBadge webhook={webhook} />
        </Group>
      </Stack>
      <Trouble webhook={webhook} />
      <Group gap="xs">
        <Button
          ref={testButton}
          leftSection={<IconSend size={16} aria-hidden />}
          loading={testing}
          disabled={!webhook.enabled}
          onClick={() => void sendTest()}
        >
          {t('webhooks.page.test')}
        </Button>
        <Button variant="default" onClick={() => setDialog('edit')}>
          {t('webhooks.page.edit')}
        </Button>
        <Button
          ref={rotateButton}
          variant="default"
          onClick={() => {
            setEndPrevious(false)
            setDialog('rotate')
          }}
        >
          {t('webhooks.page.rotate')}
        </Button>
        {webhook.enabled ? (
          <Button variant="default" onClick={() => setDialog('disable')}>
            {t('webhooks.page.disable')}
          </Button>
        ) : (
          <Button variant="default" loading={updating} onClick={() => void enableAtOnce()}>
            {t('webhooks.page.enable')}
          </Button>
        )}
        <Button variant="default" onClick={() => setDialog('delete')}>
          {t('webhooks.page.delete')}
        </Button>
      </Group>
      <Facts webhook={webhook} />
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('webhooks.deliveries.list')}
        </Title>
        <DeliveriesTable webhookId={id} onOpen={setDeliveryId} />
      </Stack>

      <DeliveryDialog
        deliveryId={deliveryId}
        onClose={() => {
          setDeliveryId(null)
          returnFocus(testButton)
          void refresh()
        }}
        onReplayed={() => void refresh()}
      />
      <WebhookDialog
        opened={dialog === 'edit'}
        title={t('webhooks.form.editTitle')}
        submit={t('webhooks.form.save')}
        initialValues={webhook}
        onClose={close}
        onSubmit={async ({ url, description, events }) => {
          const { data: answer } = await updateWebhook({
            variables: { input: { webhookId: id, url, description, events: [...events] } },
          })
          const errors = answer?.updateWebhook.errors ?? []
          if (errors.length === 0) {
            notifySuccess(t('webhooks.done.saved'))
            close()
          }
          return errors
        }}
      />
      <WebhookSecretDialog
        secret={secret}
        onClose={() => {
          setSecret(null)
          returnFocus(rotateButton)
        }}
      />
      <ConfirmDialog
        opened={dialog === 'rotate'}
        title={t('webhooks.rotate.title')}
        confirm={t('webhooks.rotate.confirm')}
        onClose={close}
        onConfirm={async () => {
          // No cache and no hook, so that only the dialog holds the secret.
          const { data: answer } = await client.mutate({
            mutation: RotateSecret,
            variables: { input: { webhookId: id, endPrevious } },
            fetchPolicy: 'no-cache',
          })
          const [refusal] = answer?.rotateWebhookSecret.errors ?? []
          if (refusal !== undefined) return refusal.message
          setSecret(answer?.rotateWebhookSecret.secret ?? null)
          await refresh()
          return null
        }}
      >
        <Text size="sm">{t('webhooks.rotate.text')}</Text>
        <Checkbox
          label={t('webhooks.rotate.endOld')}
          description={t('webhooks.rotate.endOldHint')}
          checked={endPrevious}
          onChange={event => setEndPrevious(event.currentTarget.checked)}
        />
      </ConfirmDialog>
      <ConfirmDialog
        opened={dialog === 'disable'}
        title={t('webhooks.disable.title')}
        confirm={t('webhooks.page.disable')}
        onClose={close}
        onConfirm={() => enable(false)}
      >
        <Text size="sm">{t('webhooks.disable.text')}</Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={dialog === 'delete'}
        title={t('webhooks.delete.title')}
        confirm={t('webhooks.page.delete')}
        danger
        onClose={close}
        onConfirm={async () => {
          const { data: answer } = await deleteWebhook({ variables: { input: { webhookId: id } } })
          const [refusal] = answer?.deleteWebhook.errors ?? []
          if (refusal !== undefined) return refusal.message
          notifySuccess(t('webhooks.done.deleted'))
          await navigate('/account/settings/webhooks', { replace: true })
          return null
        }}
      >
        <Text size="sm">
          <Message id="webhooks.delete.text" values={{ host: <bdi>{hostOf(webhook.url)}</bdi> }} />
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}
