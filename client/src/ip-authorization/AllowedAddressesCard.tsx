import { useMutation } from '@apollo/client/react'
import { ActionIcon, Badge, Card, Skeleton, Stack, Switch, Text, Title } from '@mantine/core'
import { IconMapPin, IconTrash } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { graphql } from '../gql'
import type { AllowedAddressesQuery, SecuritySettingsFieldsFragment } from '../gql/graphql'
import { UpdateSecuritySettings } from '../settings/security-settings'
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

const AddressItem = ({ address, onRemove }: { address: Address; onRemove: () => void }) => (
  <ItemCard
    Icon={IconMapPin}
    name={address.range}
    badge={
      address.coversViewer && (
        <Badge variant="light" radius="sm" tt="none" fw={600} autoContrast>
          You are here
        </Badge>
      )
    }
    actions={
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Remove ${address.range}`}
        title="Remove"
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
      Added <TimeAgo at={address.createdAt} />
      {address.createdByName != null && ` by ${address.createdByName}`}
    </Text>
  </ItemCard>
)

/** The addresses from which Rekey may be used: the switch, and the list to which it applies. */
export const AllowedAddressesCard = ({
  settings,
}: {
  settings: SecuritySettingsFieldsFragment
}) => {
  // The maximum page size, so that usually all are loaded.
  const { data: shown, error, refetch, ways } = usePagedQuery(AllowedAddresses, { pageSize: 100 })
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
      ipAuthorization ? 'Only allowed addresses from now on' : 'Any address from now on',
    )
    return null
  }
  const switchOff = async () => {
    setSwitchError(null)
    try {
      setSwitchError(await switchTo(false))
    } catch (problem) {
      setSwitchError(describeFailure(problem))
    }
  }

  if (shown === undefined) {
    return error === undefined ? (
      <Skeleton height={220} aria-busy="true" aria-label="Loading the allowed addresses" />
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
        Allowed addresses
      </Title>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          From where Rekey may be used, at sign-in and with every request after it.
        </Text>
        <Text size="sm">
          You are at <strong>{viewerAddress}</strong>
          {known && !covered ? ', which the list does not cover yet.' : '.'}
        </Text>
        <Switch
          checked={on}
          disabled={locked || loading}
          onChange={event => {
            setSwitchError(null)
            if (event.currentTarget.checked) setAsked('switchOn')
            else void switchOff()
          }}
          label="Only from allowed addresses"
          description={
            locked
              ? 'Add your own present address first: it would lock you out.'
              : on
                ? 'From anywhere else nobody can sign in, nor go on.'
                : 'Off: Rekey can be used from anywhere.'
          }
          error={switchError}
          styles={{
            label: { color: 'var(--mantine-color-text)' },
            description: { color: 'var(--mantine-color-dimmed)' },
          }}
        />
        {allowedAddresses.totalCount > 0 && (
          <ItemList ref={list} label="Allowed addresses">
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
        <PageButtons list={list} pageInfo={allowedAddresses.pageInfo} {...ways} />
        <AddAddressForm
          suggestion={known && !covered ? viewerAddress : null}
          onAdded={() => void refetch().catch(() => undefined)}
        />
      </Stack>
      <ConfirmDialog
        opened={asked === 'switchOn'}
        title="Only from allowed addresses?"
        confirm="Switch on"
        danger
        onClose={() => setAsked(null)}
        onConfirm={() => switchTo(true)}
      >
        <Text size="sm">
          From anywhere else people can’t sign in any more, and those who are signed in can’t go on.
          If it ever locks everyone out, the operator can switch it off on the server:{' '}
          <code>npm run rekey -- ip:off</code>
        </Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'remove'}
        title={`Remove ${chosen?.range ?? ''}?`}
        confirm="Remove"
        danger
        onClose={() => setAsked(null)}
        onConfirm={async () => {
          const { data: answer } = await remove({ variables: { input: { id: chosen?.id ?? '' } } })
          const [refusal] = answer?.removeAllowedAddress.errors ?? []
          if (refusal !== undefined) return refusal.message
          notifySuccess(`${chosen?.range} removed`)
          await refetch().catch(() => undefined)
          // The button disappeared with the address.
          returnFocus(heading)
          return null
        }}
      >
        <Text size="sm">
          {on
            ? 'Whoever is there now can’t go on, unless another range covers them.'
            : 'The list is off: nobody is locked out by it now.'}
        </Text>
      </ConfirmDialog>
    </Card>
  )
}
