import { useQuery } from '@apollo/client/react'
import { Group, Skeleton, Stack, Text } from '@mantine/core'
import { lazy, Suspense, useEffect } from 'react'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { TimeAgo } from '../users/TimeAgo'
import classes from './home.module.css'
import { HomeFigures } from './home-query'
import { OwnSecurity } from './OwnSecurity'

const AccountOverview = lazy(() =>
  import('./AccountOverview').then(part => ({ default: part.AccountOverview })),
)
const AccountAside = lazy(() =>
  import('./AccountOverview').then(part => ({ default: part.AccountAside })),
)
const SetupChecklist = lazy(() =>
  import('./SetupChecklist').then(part => ({ default: part.SetupChecklist })),
)

const countAgainMs = 60_000
// The first count is done some seconds after the server has started.
const firstCountMs = 2_000

/** The permissions that show a part of the account. */
const accountPermissions = [
  'users.read',
  'operations.read',
  'webhooks.manage',
  'settings.manage',
] as const

/** The page that users see first: what needs attention in the account, and their own security. */
export const HomePage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const permissions = viewer?.permissions ?? []
  const seesAccount = accountPermissions.some(permission => permissions.includes(permission))
  const { data, error, refetch, startPolling, stopPolling } = useQuery(HomeFigures, {
    skip: !seesAccount,
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const home = data?.home
  const pollMs = home === undefined || home.countedAt != null ? countAgainMs : firstCountMs
  useEffect(() => {
    if (!seesAccount) return
    startPolling(pollMs)
    return stopPolling
  }, [seesAccount, pollMs, startPolling, stopPolling])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="baseline">
        <PageTitle title={t('home.page.title')} />
        {home?.countedAt != null && (
          <Text size="sm" c="dimmed">
            <Message id="home.page.counted" values={{ time: <TimeAgo at={home.countedAt} /> }} />
          </Text>
        )}
      </Group>
      {home?.setup != null && (
        <Suspense>
          <SetupChecklist steps={home.setup} onChanged={() => refetch()} />
        </Suspense>
      )}
      <div className={classes.columns} data-single={!seesAccount || undefined}>
        {seesAccount && (
          <Stack gap="lg" className={classes.column ?? ''}>
            {home === undefined && error !== undefined ? (
              <LoadFailure failure={error} onRetry={() => void refetch()} />
            ) : home === undefined ? (
              <Stack aria-busy="true" aria-label={t('home.page.loading')}>
                <Skeleton height={110} />
                <Skeleton height={300} />
              </Stack>
            ) : (
              <Suspense fallback={<Skeleton height={400} />}>
                <AccountOverview home={home} permissions={permissions} />
              </Suspense>
            )}
          </Stack>
        )}
        <Stack gap="lg" className={classes.column ?? ''}>
          <OwnSecurity />
          {home !== undefined && (
            <Suspense>
              <AccountAside home={home} />
            </Suspense>
          )}
        </Stack>
      </div>
    </Stack>
  )
}
