import { Button, Text } from '@mantine/core'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { TimeAgo } from '../users/TimeAgo'
import { DeviceCard } from './DeviceCard'
import { deviceWordsOf } from './device-words'

interface Props {
  session: {
    readonly ip: string
    readonly userAgent: string
    readonly createdAt: string
    readonly lastSeenAt: string
    readonly current: boolean
  }
  /** Whether the session is being ended. */
  ending: boolean
  onEnd: () => void
}

/** A session in a list, with a button that ends it. */
export const SessionCard = ({ session, ending, onEnd }: Props) => {
  const { t } = useLocale()
  const { name: device } = deviceWordsOf(t, session.userAgent)
  return (
    <DeviceCard
      device={session}
      actions={
        !session.current && (
          <Button
            variant="default"
            size="xs"
            loading={ending}
            onClick={onEnd}
            aria-label={t('sessions.list.endOf', { device, ip: session.ip })}
          >
            {t('sessions.list.end')}
          </Button>
        )
      }
    >
      <Text size="sm" mt={4}>
        <bdi>{session.ip}</bdi>
      </Text>
      <Text size="sm" c="dimmed">
        <Message
          id="sessions.list.times"
          values={{
            signedIn: <TimeAgo at={session.createdAt} />,
            lastSeen: <TimeAgo at={session.lastSeenAt} />,
          }}
        />
      </Text>
    </DeviceCard>
  )
}
