import { Alert, Text } from '@mantine/core'
import { IconBan } from '@tabler/icons-react'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { TimeAgo } from './TimeAgo'
import type { Block } from './use-block'

/** Says on the profile of a blocked user when, by whom and why they were blocked. */
export const BlockedNotice = ({ block }: { block: Block | null }) => {
  const { t } = useLocale()
  return (
    <Alert color="red" icon={<IconBan aria-hidden />} title={t('users.blocked.title')}>
      {block === null ? (
        <Text size="sm">{t('users.blocked.unknown')}</Text>
      ) : (
        <>
          <Text size="sm">
            <Message
              id={block.by === null ? 'users.blocked.when' : 'users.blocked.by'}
              values={{ when: <TimeAgo at={block.at} />, by: <bdi>{block.by}</bdi> }}
            />
          </Text>
          {block.reason !== null && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              <Message id="users.blocked.reason" values={{ reason: <bdi>{block.reason}</bdi> }} />
            </Text>
          )}
        </>
      )}
    </Alert>
  )
}
