import { useMutation, useQuery } from '@apollo/client/react'
import { Anchor, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { useLocale } from '../messages/use-locale'
import { LoadFailure } from '../ui/LoadFailure'
import { StateBadge } from '../ui/StateBadge'
import { TimeAgo } from '../users/TimeAgo'
import {
  MarkNotificationsSeen,
  NewestNotifications,
  UnseenNotificationCount,
} from './notification-queries'
import { type Notification, notificationInWords } from './notification-words'
import classes from './notifications.module.css'

const Entry = ({
  notification,
  onLeave,
}: {
  notification: Notification
  onLeave: (() => void) | undefined
}) => {
  const locale = useLocale()
  const { sentence, detail, to } = notificationInWords(locale, notification)
  return (
    <li className={classes.entry}>
      <Text size="sm">
        {to === null ? (
          sentence
        ) : (
          <Anchor component={Link} to={to} inherit c="var(--mantine-color-text)" onClick={onLeave}>
            {sentence}
          </Anchor>
        )}
      </Text>
      {detail !== null && (
        <Text size="xs" c="dimmed">
          {detail}
        </Text>
      )}
      <Text size="xs" c="dimmed" component="div" className={classes.when}>
        <TimeAgo at={notification.at} />
        {!notification.seen && (
          <StateBadge state="waiting">{locale.t('notifications.list.new')}</StateBadge>
        )}
      </Text>
    </li>
  )
}

interface Props {
  /** Called when the user follows a link. */
  onLeave?: () => void
}

/** The newest notifications. The user has seen them as soon as they are on the screen. */
export const NotificationList = ({ onLeave }: Props) => {
  const { t } = useLocale()
  const heading = useRef<HTMLHeadingElement>(null)
  const { data, error, refetch } = useQuery(NewestNotifications, { fetchPolicy: 'network-only' })
  const [markSeen] = useMutation(MarkNotificationsSeen, {
    update: (cache, { data: marked }) => {
      if (marked == null) return
      const { unseenNotificationCount } = marked.markNotificationsSeen
      cache.writeQuery({ query: UnseenNotificationCount, data: { unseenNotificationCount } })
    },
  })
  useEffect(() => heading.current?.focus(), [])
  const notifications = data?.notifications.nodes
  // Those that arrived after the list was loaded stay unseen.
  const until = notifications?.some(({ seen }) => !seen) ? notifications[0]?.at : undefined
  useEffect(() => {
    if (until === undefined) return
    // If it fails, the bell still counts them, and the next time marks them.
    markSeen({ variables: { input: { until } } }).catch(() => undefined)
  }, [until, markSeen])
  return (
    <Stack gap="xs">
      <Title order={2} size="h5" ref={heading} tabIndex={-1} className={classes.title}>
        {t('notifications.list.title')}
      </Title>
      {notifications !== undefined && notifications.length > 0 && (
        <ul className={classes.list}>
          {notifications.map(notification => (
            <Entry key={notification.id} notification={notification} onLeave={onLeave} />
          ))}
        </ul>
      )}
      {notifications?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('notifications.list.empty')}
        </Text>
      )}
      {notifications === undefined &&
        (error === undefined ? (
          <Stack aria-busy="true" aria-label={t('notifications.list.loading')} gap="xs">
            <Skeleton height={40} />
            <Skeleton height={40} />
          </Stack>
        ) : (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        ))}
      <Anchor component={Link} to="/account/me/activity" size="sm" fw={500} onClick={onLeave}>
        {t('notifications.list.all')}
      </Anchor>
    </Stack>
  )
}
