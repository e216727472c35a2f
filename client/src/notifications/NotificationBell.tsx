import { useQuery } from '@apollo/client/react'
import { ActionIcon, Popover, Skeleton } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { FailureBoundary } from '../ui/FailureBoundary'
import { LoadFailure } from '../ui/LoadFailure'
import { whenIdle } from '../ui/when-idle'
import { maxUnseen, UnseenNotificationCount } from './notification-queries'
import classes from './notifications.module.css'

const countEveryMs = 5 * 60 * 1000

const NotificationList = lazy(() =>
  import('./NotificationList').then(list => ({ default: list.NotificationList })),
)

/** The number of unseen notifications. Counted when the page is idle, because it can wait. */
const useUnseenCount = (): number => {
  const [idle, setIdle] = useState(false)
  useEffect(() => whenIdle(() => setIdle(true)), [])
  const { data } = useQuery(UnseenNotificationCount, {
    skip: !idle,
    pollInterval: countEveryMs,
    // When the user comes back, the count is refreshed anyway.
    skipPollAttempt: () => document.hidden,
    refetchOn: { windowFocus: true },
  })
  return data?.unseenNotificationCount ?? 0
}

/** The bell in the header. It shows what concerned the user since they last looked. */
export const NotificationBell = () => {
  const { t, formatNumber } = useLocale()
  const [opened, setOpened] = useState(false)
  const unseen = useUnseenCount()
  const isMore = unseen >= maxUnseen
  const label = isMore
    ? t('notifications.bell.more', { count: maxUnseen - 1 })
    : t('notifications.bell.label', { count: unseen })
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      floatingStrategy="fixed"
      width={384}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          className={classes.bell}
          aria-label={label}
          title={label}
          onClick={() => setOpened(before => !before)}
        >
          <IconBell size={20} aria-hidden />
          {unseen > 0 && (
            <span className={classes.count} aria-hidden>
              {isMore
                ? t('notifications.bell.moreCount', { count: maxUnseen - 1 })
                : formatNumber(unseen)}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <FailureBoundary
          fallback={failure => <LoadFailure failure={failure} onRetry={() => setOpened(false)} />}
        >
          <Suspense fallback={<Skeleton height={80} />}>
            <NotificationList onLeave={() => setOpened(false)} />
          </Suspense>
        </FailureBoundary>
      </Popover.Dropdown>
    </Popover>
  )
}
