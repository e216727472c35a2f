import { useApolloClient } from '@apollo/client/react'
import { Button, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { graphql } from '../gql'
import { MailNotice } from '../mail/MailNotice'
import { useLocale } from '../messages/use-locale'
import { TrustedDeviceCard } from '../trusted-devices/TrustedDeviceCard'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { notifySuccess } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { usePagedQuery } from '../ui/use-paged-query'
import { Section } from './Section'
import { SectionList } from './SectionList'

const UserTrustedDevicesDocument = graphql(`
  query UserTrustedDevices($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    user(id: $id) {
      id
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
  }
`)

const RevokeUserTrustedDevices = graphql(`
  mutation RevokeUserTrustedDevices($input: RevokeUserTrustedDevicesInput!) {
    revokeUserTrustedDevices(input: $input) {
      count
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

interface Props {
  user: { readonly id: string; readonly name: string }
}

/** The trusted devices of another user, with a button that revokes them all. */
export const UserTrustedDevices = ({ user }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const { data, ...pages } = usePagedQuery(UserTrustedDevicesDocument, {
    variables: { id: user.id },
    pageSize: 10,
  })
  const [asked, setAsked] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const devices = data?.user?.trustedDevices

  const revoke = async () => {
    const variables = { input: { userId: user.id } }
    const { data: answer } = await client.mutate({ mutation: RevokeUserTrustedDevices, variables })
    const [refusal] = answer?.revokeUserTrustedDevices.errors ?? []
    if (refusal !== undefined) return refusal.message
    const count = answer?.revokeUserTrustedDevices.count ?? 0
    notifySuccess(t('trusted-devices.list.doneCount', { count }))
    await pages.refetch().catch(() => undefined)
    return null
  }

  return (
    <Section
      title={t('user-security.devices.title')}
      heading={heading}
      action={
        devices != null &&
        devices.totalCount > 0 && (
          <Button variant="default" size="xs" aria-haspopup="dialog" onClick={() => setAsked(true)}>
            {t('user-security.devices.revokeAll')}
          </Button>
        )
      }
    >
      <SectionList
        label={t('user-security.devices.title')}
        none={t('user-security.devices.none')}
        connection={devices}
        list={list}
        {...pages}
      >
        {device => <TrustedDeviceCard key={device.id} device={device} />}
      </SectionList>
      <ConfirmDialog
        opened={asked}
        title={t('user-security.devices.revokeTitle', { name: user.name })}
        confirm={t('trusted-devices.revokeAll.confirm')}
        danger
        onConfirm={revoke}
        onClose={() => {
          setAsked(false)
          returnFocus(heading)
        }}
      >
        <Text size="sm">{t('user-security.devices.revokeText')}</Text>
        <MailNotice />
      </ConfirmDialog>
    </Section>
  )
}
