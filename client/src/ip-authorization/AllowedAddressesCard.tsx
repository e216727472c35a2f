import { useMutation } from '@apollo/client/react'
import { ActionIcon, Badge, Card, Skeleton, Stack, Switch, Text, Title } from '@mantine/core'
import { IconMapPin, IconTrash } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { graphql } from '../gql'
import type { AllowedAddressesQuery, SecuritySettingsFieldsFragment } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { UpdateSecuritySettings } from '../settings/security-settings'
import { Command } from '../ui/Command'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { describeFailure } from '../ui/describe-failure'
import { ItemCard } from '../ui/ItemCard'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { PageButtons } from '../ui/PageButtons'
import { returnFocus } from '../ui/return-focus'
import { usePagedQuery } from '../ui/use-paged-query'
import { TimeAgo } from '../users/TimeAgo'
import { AddAddressForm } from './AddAddressForm'

const AllowedAddresses = graphql(`
  query AllowedAddresses($first: Int, $after: String, $last: Int, $before: String) {
    viewerAddress
    allowedAddresses(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id
        range
        label
        createdAt
        createdByName
        coversViewer
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

const RemoveAllowedAddress = graphql(`
  mutation RemoveAllowedAddress($input: RemoveAllowedAddressInput!) {
    removeAllowedAddress(input: $input) {
      removedAllowedAddressId
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

type Address = AllowedAddressesQuery['allowedAddresses']['nodes'][number]

const AddressItem = ({ address, onRemove }: { address: Address; onRemove: () => void }) => {
  const { t } = useLocale()
  const added = <TimeAgo at={address.createdAt} />
  return (
    <ItemCard
      Icon={IconMapPin}
      name={<bdi>{address.range}</bdi>}
      badge={
        address.coversViewer && (
          <Badge variant="light" radius="sm" tt="none" fw={600} autoContrast>
            {t('ip-authorization.item.youAreHere')}
          </Badge>
        )
      }
      actions={
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('ip-authorization.item.removeOf', { range: address.range })}
          title={t('ip-authorization.item.remove')}
          onClick={onRemove}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      }
    >
      {address.label !== '' && (
        <Text size="sm" mt={4}>
          {address.label}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {address.createdByName == null ? (
          <Message id="ip-authorization.item.added" values={{ added }} />
        ) : (
          <Message
            id="ip-authorization.item.addedBy"
            values={{ added, name: address.createdByName }}
          />
        )}
      </Text>
    </ItemCard>
  )
}

/** The addresses from which Rekey may be used: the switch, and the list to which it applies. */
export const AllowedAddressesCard = ({
  settings,
}: {
  settings: SecuritySettingsFieldsFragment
}) => {
  const { t } = useLocale()
  // The maximum page size, so that usually all are loaded.
  const {
    data: shown,
    error,
    refetch,
    buttonProps,
  } = usePagedQuery(AllowedAddresses, { pageSize: 100 })
  const [update, { loading }] = useMutation(UpdateSecuritySettings)
  const [remove] = useMutation(RemoveAllowedAddress)
  const [asked, setAsked] = useState<'switchOn' | 'remove' | null>(null)
  const [chosen, setChosen] = useState<Address | null>(null)
  const [switchError, setSwitchError] = useState<string | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const on = settings.ipAuthorization

  const switchTo = async (ipAuthorization: boolean): Promise<string | null> => {
    const { data: answer } = await update({ variables: { input: { ipAuthorization } } })
    const [refusal] = answer?.updateSecuritySettings.errors ?? []
    if (refusal !== undefined) return refusal.message
    notifySuccess(
      ipAuthorization
        ? t('ip-authorization.switch.switchedOn')
        : t('ip-authorization.switch.switchedOff'),
    )
    return null
  }
  const switchOff = async () => {
    setSwitchError(null)
    try {
      setSwitchError(await switchTo(false))
    } catch (problem) {
      setSwitchError(describeFailure(t, problem))
    }
  }

  if (shown === undefined) {
    return error === undefined ? (
      <Skeleton height={220} aria-busy="true" aria-label={t('ip-authorization.list.loading')} />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  const { viewerAddress, allowedAddresses } = shown
  // A range on another page may cover the address. Then only the API can decide.
  const known = allowedAddresses.totalCount === allowedAddresses.nodes.length
  const covered = allowedAddresses.nodes.some(({ coversViewer }) => coversViewer)
  const locked = !on && known && !covered

  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="addresses-section">
      <Title ref={heading} tabIndex={-1} order={2} size="h5" mb={4} id="addresses-section">
        {t('ip-authorization.list.title')}
      </Title>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('ip-authorization.list.hint')}
        </Text>
        <Text size="sm">
          <Message
            id={
              known && !covered
                ? 'ip-authorization.list.youAreAtUncovered'
                : 'ip-authorization.list.youAreAt'
            }
            values={{
              address: <bdi>{viewerAddress}</bdi>,
              b: content => <strong>{content}</strong>,
            }}
          />
        </Text>
        <Switch
          checked={on}
          disabled={locked || loading}
          onChange={event => {
            setSwitchError(null)
            if (event.currentTarget.checked) setAsked('switchOn')
            else void switchOff()
          }}
          label={t('ip-authorization.switch.label')}
          description={
            locked
              ? t('ip-authorization.switch.locked')
              : on
                ? t('ip-authorization.switch.on')
                : t('ip-authorization.switch.off')
          }
          error={switchError}
          styles={{
            label: { color: 'var(--mantine-color-text)' },
            description: { color: 'var(--mantine-color-dimmed)' },
          }}
        />
        {allowedAddresses.totalCount > 0 && (
          <ItemList ref={list} label={t('ip-authorization.list.label')}>
            {allowedAddresses.nodes.map(address => (
              <AddressItem
                key={address.id}
                address={address}
                onRemove={() => {
                  setChosen(address)
                  setAsked('remove')
                }}
              />
            ))}
          </ItemList>
        )}
        <PageButtons list={list} pageInfo={allowedAddresses.pageInfo} {...buttonProps} />
        <AddAddressForm
          suggestion={known && !covered ? viewerAddress : null}
          onAdded={() => void refetch().catch(() => undefined)}
        />
      </Stack>
      <ConfirmDialog
        opened={asked === 'switchOn'}
        title={t('ip-authorization.switchOn.title')}
        confirm={t('ip-authorization.switchOn.confirm')}
        danger
        onClose={() => setAsked(null)}
        onConfirm={() => switchTo(true)}
      >
        <Text size="sm">
          <Message
            id="ip-authorization.switchOn.text"
            values={{ command: <Command>npm run rekey -- ip:off</Command> }}
          />
        </Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'remove'}
        title={t('ip-authorization.remove.title', { range: chosen?.range ?? '' })}
        confirm={t('ip-authorization.remove.confirm')}
        danger
        onClose={() => setAsked(null)}
        onConfirm={async () => {
          const { data: answer } = await remove({ variables: { input: { id: chosen?.id ?? '' } } })
          const [refusal] = answer?.removeAllowedAddress.errors ?? []
          if (refusal !== undefined) return refusal.message
          notifySuccess(t('ip-authorization.remove.done', { range: chosen?.range ?? '' }))
          await refetch().catch(() => undefined)
          // The button disappeared with the address.
          returnFocus(heading)
          return null
        }}
      >
        <Text size="sm">
          {on ? t('ip-authorization.remove.on') : t('ip-authorization.remove.off')}
        </Text>
      </ConfirmDialog>
    </Card>
  )
}
