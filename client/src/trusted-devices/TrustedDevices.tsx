import { useMutation } from '@apollo/client/react'
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { deviceWordsOf } from '../sessions/device-words'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { FailureAlert } from '../ui/FailureAlert'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { PageButtons } from '../ui/PageButtons'
import { useItemAction } from '../ui/use-item-action'
import { usePagedQuery } from '../ui/use-paged-query'
import { TrustedDeviceCard } from './TrustedDeviceCard'

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

/** Lists and revokes the viewer's own trusted devices. */
export const TrustedDevices = () => {
  const { t } = useLocale()
  const { data, error, refetch, buttonProps } = usePagedQuery(TrustedDevicesDocument)
  const [revoke] = useMutation(RevokeTrustedDevice)
  const [revokeAll] = useMutation(RevokeAllTrustedDevices)
  const [confirming, setConfirming] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const none = useRef<HTMLParagraphElement>(null)
  const { run, showAnew, busyId, failure } = useItemAction(refetch, list, none)
  const devices = data?.trustedDevices

  const revokeOne = async (id: string) => {
    const { data: answer } = await revoke({ variables: { input: { id } } })
    const [refusal] = answer?.revokeTrustedDevice.errors ?? []
    if (refusal !== undefined) return refusal.message
    notifySuccess(t('trusted-devices.list.done'))
    return null
  }
  const revokeEvery = async () => {
    const { data: answer } = await revokeAll()
    const count = answer?.revokeAllTrustedDevices.count ?? 0
    notifySuccess(t('trusted-devices.list.doneCount', { count }))
    await showAnew()
    return null
  }

  if (devices === undefined) {
    return error === undefined ? (
      <Skeleton height={74} aria-busy="true" aria-label={t('trusted-devices.list.loading')} />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  if (devices.totalCount === 0) {
    return (
      <Text ref={none} tabIndex={-1} size="sm">
        {t('trusted-devices.list.empty')}
      </Text>
    )
  }
  return (
    <Stack gap="sm">
      <FailureAlert failure={failure} />
      <ItemList ref={list} label={t('trusted-devices.list.label')}>
        {devices.nodes.map(device => (
          <TrustedDeviceCard
            key={device.id}
            device={device}
            actions={
              <Button
                variant="default"
                size="xs"
                loading={busyId === device.id}
                onClick={() => void run(device.id, () => revokeOne(device.id))}
                aria-label={t('trusted-devices.list.revokeOf', {
                  device: deviceWordsOf(t, device.userAgent).name,
                  ip: device.ip,
                })}
              >
                {t('trusted-devices.list.revoke')}
              </Button>
            }
          />
        ))}
      </ItemList>
      <PageButtons list={list} pageInfo={devices.pageInfo} {...buttonProps} />
      <Group justify="flex-end">
        <Button variant="default" size="sm" onClick={() => setConfirming(true)}>
          {t('trusted-devices.list.revokeAll')}
        </Button>
      </Group>
      <ConfirmDialog
        opened={confirming}
        title={t('trusted-devices.revokeAll.title')}
        confirm={t('trusted-devices.revokeAll.confirm')}
        danger
        onConfirm={revokeEvery}
        onClose={() => setConfirming(false)}
      >
        <Text size="sm">{t('trusted-devices.revokeAll.text')}</Text>
      </ConfirmDialog>
    </Stack>
  )
}
