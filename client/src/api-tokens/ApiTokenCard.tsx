import { Anchor, Button, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { listPermissions } from '../access/access-words'
import type { ApiTokensQuery } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { tokenOperations } from '../operations/operations-search'
import { ExactTime } from '../ui/ExactTime'
import { ItemCard } from '../ui/ItemCard'
import { StateBadge } from '../ui/StateBadge'
import { TimeAgo } from '../users/TimeAgo'
import classes from './ApiTokenCard.module.css'
import { expiryStateOf } from './token-words'

type ApiToken = ApiTokensQuery['apiTokens']['nodes'][number] & {
  /** Whether it is suspended, because its owner is blocked. */
  readonly suspended?: boolean
}

/** The permissions that a token can use, and those that its owner has lost. */
const TokenAccess = ({ permissions, effectivePermissions }: ApiToken) => {
  const locale = useLocale()
  const { t } = locale
  const held = permissions.filter(permission => effectivePermissions.includes(permission))
  const lost = permissions.filter(permission => !effectivePermissions.includes(permission))
  return (
    <>
      <Text size="sm" mt={4}>
        {held.length === 0 ? t('api-tokens.item.noPermissions') : listPermissions(locale, held)}
      </Text>
      {lost.length > 0 && (
        <Text size="sm" c="dimmed">
          <Message
            id="api-tokens.item.lostPermissions"
            values={{ permissions: listPermissions(locale, lost), s: text => <s>{text}</s> }}
          />
        </Text>
      )}
    </>
  )
}

/** When a token was created and when it expires. */
const TokenDates = (token: ApiToken) => {
  const { formatDay } = useLocale()
  const created = <TimeAgo at={token.createdAt} />
  const expiry = <TimeAgo at={token.expiresAt} />
  switch (expiryStateOf(token, new Date())) {
    case 'EXPIRED':
      return <Message id="api-tokens.item.expired" values={{ created, expiry }} />
    case 'SOON':
      return <Message id="api-tokens.item.expiresSoon" values={{ created, expiry }} />
    case 'LATER': {
      const day = <ExactTime at={token.expiresAt}>{formatDay(token.expiresAt)}</ExactTime>
      return <Message id="api-tokens.item.expiresOn" values={{ created, day }} />
    }
  }
}

/** When and from where a token was last used. */
const TokenUse = ({ lastUsedAt, lastUsedIp }: ApiToken) => {
  const { t } = useLocale()
  if (lastUsedAt == null) return t('api-tokens.item.neverUsed')
  const time = <TimeAgo at={lastUsedAt} />
  if (lastUsedIp == null) return <Message id="api-tokens.item.lastUsed" values={{ time }} />
  const address = <bdi>{lastUsedIp}</bdi>
  return <Message id="api-tokens.item.lastUsedFrom" values={{ time, address }} />
}

const StatusBadge = (token: ApiToken) => {
  const { t } = useLocale()
  if (token.suspended) {
    return <StateBadge state="warning">{t('api-tokens.badge.suspended')}</StateBadge>
  }
  switch (expiryStateOf(token, new Date())) {
    case 'EXPIRED':
      return <StateBadge state="bad">{t('api-tokens.badge.expired')}</StateBadge>
    case 'SOON':
      return <StateBadge state="warning">{t('api-tokens.badge.expiresSoon')}</StateBadge>
    case 'LATER':
      return null
  }
}

interface Props {
  token: ApiToken
  /** True if the viewer may see the operation list. */
  seesOperations: boolean
  /** Whose token it is, in a list of the tokens of many users. */
  owner?: ReactNode
  /** Null if the viewer may not revoke it. */
  onRevoke: (() => void) | null
}

/** An API token in a list, with a button that revokes it. */
export const ApiTokenCard = ({ token, seesOperations, owner, onRevoke }: Props) => {
  const { t } = useLocale()
  return (
    <ItemCard
      Icon={IconKey}
      name={token.name}
      badge={<StatusBadge {...token} />}
      actions={
        onRevoke !== null && (
          <Button
            variant="default"
            size="xs"
            onClick={onRevoke}
            aria-haspopup="dialog"
            aria-label={t('api-tokens.item.revokeLabel', {
              name: token.name,
              prefix: token.prefix,
            })}
          >
            {t('api-tokens.item.revoke')}
          </Button>
        )
      }
    >
      {owner !== undefined && (
        <Text size="sm" mt={4}>
          {owner}
        </Text>
      )}
      <Text size="sm" mt={4} className={classes.prefix}>
        <bdi>{token.prefix}…</bdi>
      </Text>
      <TokenAccess {...token} />
      <Text size="sm" c="dimmed">
        <TokenDates {...token} />
      </Text>
      <Text size="sm" c="dimmed">
        <TokenUse {...token} />
      </Text>
      {seesOperations && (
        <Anchor component={Link} to={tokenOperations(token.prefix)} size="sm">
          {t('api-tokens.item.operations', { name: token.name })}
        </Anchor>
      )}
    </ItemCard>
  )
}
