import { useQuery } from '@apollo/client/react'
import { Group, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { Outlet, useLocation, useNavigate, useOutletContext } from 'react-router'
import { graphql } from '../gql'
import type { MyAccountQuery } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { ChangePasswordDialog } from '../passwords/ChangePasswordDialog'
import { useChangePasswordDialog } from '../passwords/use-change-password-dialog'
import { withoutDialog } from '../ui/dialog-address'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import classes from '../ui/tabs.module.css'
import { useTabInView } from '../ui/use-tab-in-view'
import { RoleBadge, StatusBadge } from '../users/badges'
import { accountTabs } from './account-tabs'

const MyAccount = graphql(`
  query MyAccount {
    viewer {
      role
      status
      permissions
      ...BasicInfo
    }
  }
`)

/** What the tabs of the page share. */
interface MyAccountContext {
  readonly user: NonNullable<MyAccountQuery['viewer']>
  readonly dialog: ReturnType<typeof useChangePasswordDialog>
}

/** What the tabs of the page share. */
export const useMyAccount = () => useOutletContext<MyAccountContext>()

/** Everyone's own page, in tabs with addresses of their own. */
export const MyAccountPage = () => {
  const { t } = useLocale()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(MyAccount, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const user = data?.viewer
  const dialog = useChangePasswordDialog(user?.viewerCanChangePassword === true)
  const shown = withoutDialog(pathname)
  const tab = t(accountTabs.find(({ path }) => path === shown)?.message ?? 'account.tab.profile')
  const list = useTabInView(user == null ? null : shown)

  if (error !== undefined && user == null) {
    return (
      <Stack>
        <PageTitle title={t('account.page.heading')} />
        <LoadFailure failure={error} onRetry={() => void refetch()} />
      </Stack>
    )
  }
  if (user == null) {
    return (
      <Stack aria-busy="true" aria-label={t('account.page.loading')}>
        <Skeleton height={18} width={120} />
        <Skeleton height={36} width={260} />
        <Skeleton height={280} />
      </Stack>
    )
  }
  const context: MyAccountContext = { user, dialog }
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t('account.page.heading')}
        </Text>
        <Group gap="sm">
          <PageTitle title={t('account.page.title', { tab })}>{user.name}</PageTitle>
          <Group gap={6}>
            <RoleBadge role={user.role} />
            <StatusBadge status={user.status} />
          </Group>
        </Group>
      </Stack>
      <Tabs value={shown} onChange={path => void navigate(path ?? '/account/me')}>
        <Tabs.List
          ref={list}
          mb="lg"
          className={classes.tabs}
          aria-label={t('account.page.heading')}
        >
          {accountTabs.map(({ path, message }) => (
            <Tabs.Tab key={path} value={path} className={classes.tab}>
              {t(message)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {accountTabs.map(({ path }) => (
          <Tabs.Panel key={path} value={path}>
            {path === shown && <Outlet context={context} />}
          </Tabs.Panel>
        ))}
      </Tabs>
      <ChangePasswordDialog
        user={user}
        own
        opened={dialog.opened}
        onClose={dialog.close}
        onClosed={dialog.onClosed}
      />
    </Stack>
  )
}
