import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import {
  Alert,
  Anchor,
  Button,
  Card,
  Checkbox,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { IconAlertTriangle, IconLock, IconSend } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { graphql } from '../gql'
import type { WebhookQuery } from '../gql/graphql'
import { useViewer } from '../sessions/use-viewer'
import { Breadcrumb } from '../ui/Breadcrumb'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { hostOf } from '../ui/formats'
import { LoadFailure } from '../ui/LoadFailure'
import { notifyFailure, notifyProblem, notifySuccess } from '../ui/notify'
import { PageTitle } from '../ui/PageTitle'
import { returnFocus } from '../ui/return-focus'
import { TimeAgo } from '../users/TimeAgo'
import { Deliveries, DeliveriesTable } from './DeliveriesTable'
import { DeliveryDialog } from './DeliveryDialog'
import { WebhookStateBadge } from './WebhookBadges'
import { WebhookDialog } from './WebhookDialog'
import { WebhookSecretDialog } from './WebhookSecretDialog'
import { disabledReasons, nameOf } from './webhook-words'
import classes from './webhooks.module.css'

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

const Facts = ({ webhook }: { webhook: Webhook }) => (
  <Card withBorder padding="md">
    <dl className={classes.facts}>
      <dt>URL</dt>
      <dd>{webhook.url}</dd>
      <dt>Events</dt>
      <dd>{webhook.events.join(', ')}</dd>
      <dt>Added</dt>
      <dd>
        <TimeAgo at={webhook.createdAt} /> by {webhook.createdByName}
      </dd>
      {webhook.previousSecretExpiresAt != null && (
        <>
          <dt>Old secret</dt>
          <dd>
            also signs requests, expires <TimeAgo at={webhook.previousSecretExpiresAt} />
          </dd>
        </>
      )}
    </dl>
  </Card>
)

const Trouble = ({ webhook }: { webhook: Webhook }) => {
  if (webhook.disabledReason != null) {
    return (
      <Alert
        icon={<IconAlertTriangle />}
        color={webhook.disabledReason === 'BY_USER' ? 'gray' : 'red'}
        title="Disabled"
      >
        {disabledReasons[webhook.disabledReason]}
      </Alert>
    )
  }
  return webhook.failingSince == null ? null : (
    <Alert icon={<IconAlertTriangle />} color="red" title="Failing">
      All attempts have failed since <TimeAgo at={webhook.failingSince} />. Rekey tries each event
      11 times over two days.
    </Alert>
  )
}

/** The page of one webhook: its settings, its actions and its deliveries. */
export const WebhookPage = () => {
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
        <PageTitle title="Webhook" />
        <Alert icon={<IconLock />} title="You cannot see webhooks">
          You need the permission “Manage webhooks”.
        </Alert>
      </Stack>
    )
  }
  if (webhook == null) {
    if (error !== undefined) {
      return <LoadFailure failure={error} onRetry={() => void refetch()} />
    }
    return data === undefined ? (
      <Stack aria-busy="true" aria-label="Loading the webhook">
        <Skeleton height={36} width={260} />
        <Skeleton height={140} />
      </Stack>
    ) : (
      <Stack>
        <PageTitle title="This webhook does not exist" />
        <Anchor component={Link} to="/account/settings/webhooks">
          All webhooks
        </Anchor>
      </Stack>
    )
  }

  const enable = async (enabled: boolean): Promise<string | null> => {
    const { data: answer } = await updateWebhook({
      variables: { input: { webhookId: id, enabled } },
    })
    const [refusal] = answer?.updateWebhook.errors ?? []
    if (refusal !== undefined) return refusal.message
    notifySuccess(enabled ? 'Webhook enabled' : 'Webhook disabled')
    await refresh()
    return null
  }
  const enableAtOnce = async () => {
    try {
      const refusal = await enable(true)
      if (refusal !== null) notifyFailure('Webhook not enabled', refusal)
    } catch (problem) {
      notifyProblem('Webhook not enabled', problem)
    }
  }
  const sendTest = async () => {
    try {
      const { data: answer } = await testWebhook({ variables: { input: { webhookId: id } } })
      const [refusal] = answer?.testWebhook.errors ?? []
      if (refusal !== undefined) notifyFailure('Test not sent', refusal.message)
      setDeliveryId(answer?.testWebhook.delivery?.id ?? null)
      await refresh()
    } catch (problem) {
      notifyProblem('Test not sent', problem)
    }
  }

  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Breadcrumb
          group="Settings"
          above={{ title: 'Webhooks', to: '/account/settings/webhooks' }}
          title={nameOf(webhook)}
        />
        <Group gap="sm">
          <PageTitle title={nameOf(webhook)} />
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
          Send test
        </Button>
        <Button variant="default" onClick={() => setDialog('edit')}>
          Edit
        </Button>
        <Button
          ref={rotateButton}
          variant="default"
          onClick={() => {
            setEndPrevious(false)
            setDialog('rotate')
          }}
        >
          Rotate secret
        </Button>
        {webhook.enabled ? (
          <Button variant="default" onClick={() => setDialog('disable')}>
            Disable
          </Button>
        ) : (
          <Button variant="default" loading={updating} onClick={() => void enableAtOnce()}>
            Enable
          </Button>
        )}
        <Button variant="default" onClick={() => setDialog('delete')}>
          Delete
        </Button>
      </Group>
      <Facts webhook={webhook} />
      <Stack gap="sm">
        <Title order={2} size="h4">
          Deliveries
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
        title="Edit webhook"
        submit="Save"
        initialValues={webhook}
        onClose={close}
        onSubmit={async ({ url, description, events }) => {
          const { data: answer } = await updateWebhook({
            variables: { input: { webhookId: id, url, description, events: [...events] } },
          })
          const errors = answer?.updateWebhook.errors ?? []
          if (errors.length === 0) {
            notifySuccess('Webhook saved')
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
        title="Rotate the secret?"
        confirm="Rotate"
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
        <Text size="sm">
          Rekey creates a new secret. For 24 hours, it also signs requests with the old one, so that
          the receiver has time to change.
        </Text>
        <Checkbox
          label="End the old secret at once"
          description="Choose this if the secret has leaked. The receiver will reject requests until it has the new secret."
          checked={endPrevious}
          onChange={event => setEndPrevious(event.currentTarget.checked)}
        />
      </ConfirmDialog>
      <ConfirmDialog
        opened={dialog === 'disable'}
        title="Disable the webhook?"
        confirm="Disable"
        onClose={close}
        onConfirm={() => enable(false)}
      >
        <Text size="sm">
          Rekey stops sending requests, and queues no new events for this webhook. If you enable it
          again, it sends the events that are pending now.
        </Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={dialog === 'delete'}
        title="Delete the webhook?"
        confirm="Delete"
        danger
        onClose={close}
        onConfirm={async () => {
          const { data: answer } = await deleteWebhook({ variables: { input: { webhookId: id } } })
          const [refusal] = answer?.deleteWebhook.errors ?? []
          if (refusal !== undefined) return refusal.message
          notifySuccess('Webhook deleted')
          await navigate('/account/settings/webhooks', { replace: true })
          return null
        }}
      >
        <Text size="sm">
          Rekey sends nothing more to {hostOf(webhook.url)}, not even pending events. This
          permanently deletes the webhook’s deliveries and its secret.
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}
