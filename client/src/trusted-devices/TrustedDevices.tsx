import '@mantine/core/styles/Badge.css'
import { useMutation, useQuery } from '@apollo/client/react'
import { Alert, Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmDialog } from '../app/ConfirmDialog'
import { describeFailure } from '../app/describe-failure'
import { ItemCard, ItemList } from '../app/ItemCard'
import { LoadFailure } from '../app/LoadFailure'
import { notifySuccess } from '../app/notify'
import { PageButtons } from '../app/PageButtons'
import { usePages } from '../app/use-pages'
import { graphql } from '../gql'
import type { TrustedDevicesQuery } from '../gql/graphql'
import { deviceWordsOf } from '../sessions/device-words'
import { TimeAgo } from '../users/TimeAgo'

const TrustedDevicesDocument = graphql(`
  query TrustedDevices($first: Int, $after: String, $last: Int, $before: String) {
    trustedDevices(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id
        ip
        userAgent
        createdAt
        lastUsedAt
        expiresAt
        current
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

const RevokeTrustedDevice = graphql(`
  mutation RevokeTrustedDevice($input: RevokeTrustedDeviceInput!) {
    revokeTrustedDevice(input: $input) {
      revokedId
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

const RevokeAllTrustedDevices = graphql(`
  mutation RevokeAllTrustedDevices {
    revokeAllTrustedDevices {
      count
      errors {
        message
      }
    }
  }
`)

type Device = TrustedDevicesQuery['trustedDevices']['nodes'][number]

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

interface DeviceItemProps {
  device: Device
  revoking: boolean
  onRevoke: () => void
}

const DeviceItem = ({ device, revoking, onRevoke }: DeviceItemProps) => {
  const { name, mobile } = deviceWordsOf(device.userAgent)
  return (
    <ItemCard
      Icon={mobile ? IconDeviceMobile : IconDeviceDesktop}
      name={name}
      title={device.userAgent}
      badge={
        device.current && (
          <Badge variant="light" radius="sm" tt="none" fw={600} autoContrast>
            This device
          </Badge>
        )
      }
      actions={
        <Button
          variant="default"
          size="xs"
          loading={revoking}
          onClick={onRevoke}
          aria-label={`Stop trusting ${name}, ${device.ip}`}
        >
          Revoke
        </Button>
      }
    >
      <Text size="sm" mt={4}>
        Trusted until {day.format(new Date(device.expiresAt))}
      </Text>
      <Text size="sm" c="dimmed">
        From {device.ip}, <TimeAgo at={device.createdAt} />; last used{' '}
        <TimeAgo at={device.lastUsedAt} />
      </Text>
    </ItemCard>
  )
}

const pageSize = 25

/** The browsers that are not asked for one's second factor, and the way to have them asked again. */
export const TrustedDevices = () => {
  const { variables, ways } = usePages(pageSize)
  const { data, previousData, error, refetch } = useQuery(TrustedDevicesDocument, {
    variables,
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const [revoke] = useMutation(RevokeTrustedDevice)
  const [revokeAll] = useMutation(RevokeAllTrustedDevices)
  const [revoking, setRevoking] = useState<string | null>(null)
  const [asked, setAsked] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const devices = (data ?? previousData)?.trustedDevices

  // Revoked or not: what is shown is right again.
  const showAnew = () => refetch().catch(() => undefined)
  const revokeOne = async ({ id }: Device) => {
    setFailure(null)
    setRevoking(id)
    try {
      const { data: answer } = await revoke({ variables: { input: { id } } })
      const [refusal] = answer?.revokeTrustedDevice.errors ?? []
      if (refusal === undefined) notifySuccess('Device no longer trusted')
      else setFailure(refusal.message)
    } catch (problem) {
      setFailure(describeFailure(problem))
    }
    await showAnew()
    setRevoking(null)
  }
  const revokeEvery = async () => {
    const { data: answer } = await revokeAll()
    const count = answer?.revokeAllTrustedDevices.count ?? 0
    notifySuccess(
      count === 1 ? 'One device no longer trusted' : `${count} devices no longer trusted`,
    )
    await showAnew()
    return null
  }

  if (devices === undefined) {
    return error === undefined ? (
      <Skeleton height={74} aria-busy="true" aria-label="Loading your trusted devices" />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  if (devices.totalCount === 0) {
    return <Text size="sm">No device is trusted.</Text>
  }
  return (
    <Stack gap="sm">
      {failure !== null && (
        <Alert color="red" icon={<IconAlertCircle />} role="alert">
          {failure}
        </Alert>
      )}
      <ItemList label="Trusted devices">
        {devices.nodes.map(device => (
          <DeviceItem
            key={device.id}
            device={device}
            revoking={revoking === device.id}
            onRevoke={() => void revokeOne(device)}
          />
        ))}
      </ItemList>
      <PageButtons pageInfo={devices.pageInfo} {...ways} />
      <Group justify="flex-end">
        <Button variant="default" size="sm" onClick={() => setAsked(true)}>
          Revoke all
        </Button>
      </Group>
      <ConfirmDialog
        opened={asked}
        title="Trust no device any more?"
        confirm="Revoke all"
        danger
        onConfirm={revokeEvery}
        onClose={() => setAsked(false)}
      >
        <Text size="sm">Each of them is asked for your second factor at the next sign-in.</Text>
      </ConfirmDialog>
    </Stack>
  )
}
