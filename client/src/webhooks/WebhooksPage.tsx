import { useApolloClient } from '@apollo/client/react'
import { Alert, Anchor, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconLock, IconPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { WebhooksQuery } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import { Intro, PageTitle } from '../ui/PageTitle'
import { returnFocus } from '../ui/return-focus'
import { usePagedQuery } from '../ui/use-paged-query'
import { TimeAgo } from '../users/TimeAgo'
import { WebhookStateBadge } from './WebhookBadges'
import { WebhookDialog } from './WebhookDialog'
import { WebhookSecretDialog } from './WebhookSecretDialog'
import { nameOf } from './webhook-words'
import classes from './webhooks.module.css'

const Webhooks = graphql(`
  query Webhooks($first: Int, $after: String, $last: Int, $before: String) {
    webhooks(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id
        url
        description
        events
        enabled
        failingSince
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

const CreateWebhook = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      secret
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

type ListedWebhook = WebhooksQuery['webhooks']['nodes'][number]

const WebhookCard = ({ webhook }: { webhook: ListedWebhook }) => {
  const { t, formatList } = useLocale()
  const count = webhook.events.length
  const events = count > 3 ? t('webhooks.list.events', { count }) : formatList(webhook.events)
  return (
    <Card component="li" withBorder padding="md">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Anchor
          component={Link}
          to={`/account/settings/webhooks/${webhook.id}`}
          fw={600}
          className={classes.anywhere}
        >
          <bdi>{nameOf(webhook)}</bdi>
        </Anchor>
        <WebhookStateBadge webhook={webhook} />
      </Group>
      <Text size="sm" mt={4} className={classes.anywhere}>
        <bdi>{webhook.url}</bdi>
      </Text>
      <Text size="sm" c="dimmed" mt={4} className={classes.anywhere}>
        {webhook.enabled && webhook.failingSince != null ? (
          <Message
            id="webhooks.list.failingSince"
            values={{ events, time: <TimeAgo at={webhook.failingSince} /> }}
          />
        ) : (
          events
        )}
      </Text>
    </Card>
  )
}

const blank = { url: '', description: '', events: [] }

/** The list of webhooks. */
export const WebhooksPage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('webhooks.manage') === true
  const { data, error, refetch, buttonProps } = usePagedQuery(Webhooks, { skip: !allowed })
  const client = useApolloClient()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const addButton = useRef<HTMLButtonElement>(null)
  const webhooks = data?.webhooks

  if (!allowed) {
    return (
      <Stack>
        <PageTitle title={t('webhooks.list.title')} />
        <Alert icon={<IconLock />} title={t('webhooks.forbidden.title')}>
          {t('webhooks.forbidden.text')}
        </Alert>
      </Stack>
    )
  }
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Intro title={t('webhooks.list.title')}>{t('webhooks.list.text')}</Intro>
        <Button
          ref={addButton}
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {t('webhooks.form.add')}
        </Button>
      </Group>
      {error !== undefined && webhooks === undefined ? (
        <LoadFailure failure={error} onRetry={() => void refetch()} />
      ) : webhooks === undefined ? (
        <Stack aria-busy="true" aria-label={t('webhooks.list.loading')} gap="xs">
          <Skeleton height={98} />
          <Skeleton height={98} />
        </Stack>
      ) : webhooks.totalCount === 0 ? (
        <Card withBorder padding="xl" ta="center">
          <Text fw={600}>{t('webhooks.list.none')}</Text>
          <Text c="dimmed" size="sm" mt={4}>
            {t('webhooks.list.noneHint')}
          </Text>
        </Card>
      ) : (
        <ItemList ref={list} label={t('webhooks.list.title')}>
          {webhooks.nodes.map(webhook => (
            <WebhookCard key={webhook.id} webhook={webhook} />
          ))}
        </ItemList>
      )}
      {webhooks !== undefined && (
        <PageButtons list={list} pageInfo={webhooks.pageInfo} {...buttonProps} />
      )}
      <WebhookDialog
        opened={adding}
        title={t('webhooks.form.addTitle')}
        submit={t('webhooks.form.add')}
        initialValues={blank}
        onClose={() => setAdding(false)}
        onSubmit={async ({ url, description, events }) => {
          // No cache and no hook, so that only the dialog holds the secret.
          const { data: answer } = await client.mutate({
            mutation: CreateWebhook,
            variables: { input: { url, description, events: [...events] } },
            fetchPolicy: 'no-cache',
          })
          const errors = answer?.createWebhook.errors ?? []
          if (errors.length === 0) {
            setAdding(false)
            setSecret(answer?.createWebhook.secret ?? null)
            await refetch()
          }
          return errors
        }}
      />
      <WebhookSecretDialog
        secret={secret}
        onClose={() => {
          setSecret(null)
          returnFocus(addButton)
        }}
      />
    </Stack>
  )
}
