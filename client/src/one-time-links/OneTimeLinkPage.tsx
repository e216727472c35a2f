import { useQuery } from '@apollo/client/react'
import { Button, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { OneTimeLinkPurpose, OneTimeLinkStatus } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import type { Policy } from '../passwords/password-policy'
import { EntryPage } from '../ui/EntryPage'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { useLinkToken } from './use-link-token'

const OneTimeLink = graphql(`
  query OneTimeLink($token: String!) {
    oneTimeLink(token: $token) {
      status
      purpose
      login
      name
    }
    passwordPolicy {
      ...PasswordPolicyFields
    }
  }
`)

/** States of a link that no longer leads anywhere. */
type DeadLinkStatus = Exclude<OneTimeLinkStatus, 'VALID'>

/** A link that works, with what its page needs. */
export interface LiveLink {
  readonly token: string
  /** Whose link it is. */
  readonly login: string
  readonly name: string
  readonly policy: Policy
  /** Reports that the link has expired or was revoked in the meantime. */
  readonly onDead: (status: OneTimeLinkStatus) => void
}

interface Props {
  purpose: OneTimeLinkPurpose
  /** The page's name while it is not known whether the link works. */
  title: string
  /** Why the link does not work, and what to do about it. */
  deadWords: Record<DeadLinkStatus, string>
  /** The way to go from a link that does not work, in front of the one to sign-in. */
  wayOut?: { to: string; label: string }
  children: (link: LiveLink) => ReactNode
}

const titleMessages: Record<DeadLinkStatus, PlainMessageId> = {
  USED: 'one-time-links.title.USED',
  EXPIRED: 'one-time-links.title.EXPIRED',
  REVOKED: 'one-time-links.title.REVOKED',
  UNKNOWN: 'one-time-links.title.UNKNOWN',
}

/** What stands behind a one-time link, or why nothing does. */
export const OneTimeLinkPage = ({ purpose, title, deadWords, wayOut, children }: Props) => {
  const { t } = useLocale()
  const token = useLinkToken()
  const { data, error, refetch } = useQuery(OneTimeLink, {
    variables: { token },
    skip: token === '',
  })
  const [died, setDied] = useState<{ token: string; status: DeadLinkStatus } | null>(null)

  const dead = (): DeadLinkStatus | null => {
    if (token === '') return 'UNKNOWN'
    if (died?.token === token) return died.status
    if (data === undefined) return null
    const { status, purpose: found } = data.oneTimeLink
    if (status !== 'VALID') return status
    return found === purpose ? null : 'UNKNOWN'
  }
  const status = dead()
  const link = data?.oneTimeLink

  return (
    <EntryPage>
      {status !== null ? (
        <Stack gap="md" key={status}>
          <PageTitle title={t(titleMessages[status])} />
          <Text>{deadWords[status]}</Text>
          {wayOut !== undefined && (
            <Button component={Link} to={wayOut.to}>
              {wayOut.label}
            </Button>
          )}
          <Button
            component={Link}
            to="/sign-in"
            variant={wayOut === undefined ? 'filled' : 'default'}
          >
            {t('sessions.goToSignIn')}
          </Button>
        </Stack>
      ) : error !== undefined ? (
        <Stack gap="md">
          <PageTitle title={title} />
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        </Stack>
      ) : data === undefined || link === undefined ? (
        <Stack gap="md" aria-busy="true" mih={220}>
          <PageTitle title={title} />
          <Text c="dimmed">{t('one-time-links.loading')}</Text>
        </Stack>
      ) : (
        children({
          token,
          login: link.login ?? '',
          name: link.name ?? '',
          policy: data.passwordPolicy,
          onDead: reason => setDied({ token, status: reason === 'VALID' ? 'UNKNOWN' : reason }),
        })
      )}
    </EntryPage>
  )
}
