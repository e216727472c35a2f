import { useQuery } from '@apollo/client/react'
import { Alert, Anchor, Group, Skeleton, Stack, Tabs } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { lazy, Suspense, useRef } from 'react'
import { Link, Outlet, useLocation, useNavigate, useParams } from 'react-router'
import { graphql } from '../gql'
import { InvitationNotice } from '../invitations/InvitationNotice'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { OperationsTab } from '../operations/OperationsTab'
import { ChangePasswordDialog } from '../passwords/ChangePasswordDialog'
import { useChangePasswordDialog } from '../passwords/use-change-password-dialog'
import { SecondFactorRow } from '../second-factor/SecondFactorRow'
import { useViewer } from '../sessions/use-viewer'
import { Breadcrumb } from '../ui/Breadcrumb'
import { isForbidden } from '../ui/describe-failure'
import { LoadFailure } from '../ui/LoadFailure'
import { NotFound } from '../ui/NotFound'
import { PageTitle } from '../ui/PageTitle'
import { returnFocus } from '../ui/return-focus'
import classes from '../ui/tabs.module.css'
import { useTabInView } from '../ui/use-tab-in-view'
import { BasicInfoTab } from './BasicInfoTab'
import { BlockedNotice } from './BlockedNotice'
import { RequiredChangeBadge, RoleBadge, StatusBadge } from './badges'
import { DeletionNotice } from './DeletionNotice'
import { UserActions } from './UserActions'
import { useBlock } from './use-block'

const EditedUser = graphql(`
  query EditedUser($id: ID!) {
    user(id: $id) {
      role
      status
      deletionAt
      mustChangePassword
      ...BasicInfo
      ...UserAccess
      ...UserActions
      ...UserInvitation
      ...UserSecondFactors
      ...UserSecurity
    }
  }
`)

const AccessTab = lazy(() =>
  import('../access/AccessTab').then(part => ({ default: part.AccessTab })),
)

const UserSecurityTab = lazy(() =>
  import('../user-security/UserSecurityTab').then(part => ({ default: part.UserSecurityTab })),
)

const tabs = ['access', 'security', 'operations'] as const

const tabMessages = {
  access: 'users.profile.accessTab',
  security: 'users.profile.securityTab',
  operations: 'users.profile.operationsTab',
} as const satisfies Record<(typeof tabs)[number], PlainMessageId>

/** The profile of a user, in tabs. */
export const EditUserPage = () => {
  const { t } = useLocale()
  const { id = '' } = useParams()
  const { viewer } = useViewer()
  const location = useLocation()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(EditedUser, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const user = data?.user
  const dialog = useChangePasswordDialog(user?.viewerCanChangePassword === true)
  const seesOperations = viewer?.permissions.includes('operations.read') === true
  const block = useBlock(id, seesOperations && user?.status === 'BLOCKED')
  const state = location.state as { from?: string } | null
  const profile = `/account/users/${id}`
  const actions = useRef<HTMLButtonElement>(null)
  const shownTab = tabs.find(tab => location.pathname.endsWith(`/${tab}`))
  const list = useTabInView(user == null ? null : (shownTab ?? 'basic-info'))

  if (error !== undefined && user == null) {
    return isForbidden(error) ? (
      <Stack>
        <PageTitle title={t('users.profile.title')} />
        <Alert icon={<IconLock />} title={t('users.profile.notAllowed')}>
          <Anchor component={Link} to="/">
            {t('users.profile.start')}
          </Anchor>
        </Alert>
      </Stack>
    ) : (
      <Stack>
        <PageTitle title={t('users.profile.title')} />
        <LoadFailure failure={error} onRetry={() => void refetch()} />
      </Stack>
    )
  }
  if (data === undefined) {
    return (
      <Stack aria-busy="true" aria-label={t('users.profile.loading')}>
        <Skeleton height={18} width={180} />
        <Skeleton height={36} width={260} />
        <Skeleton height={280} />
      </Stack>
    )
  }
  if (user == null) {
    return (
      <NotFound
        title={t('users.profile.notFoundTitle')}
        instead={{ to: '/account/users', name: t('users.profile.toUsers') }}
      >
        {t('users.profile.notFound')}
      </NotFound>
    )
  }

  const own = viewer?.id === user.id
  // Users see and change their own sign-in on the page "My account".
  const seesSecurity = !own && viewer?.permissions.includes('users.manage') === true

  return (
    <Stack gap="lg">
      <Stack gap="xs">
        {viewer?.permissions.includes('users.read') && (
          <Breadcrumb
            group="account"
            above={{
              title: t('users.table.title'),
              to: { pathname: '/account/users', search: state?.from ?? '' },
            }}
            title={user.name}
          />
        )}
        <Group justify="space-between" align="flex-start">
          {/* A long name wraps, so the actions stay in their place. */}
          <Group gap="sm" flex="1 1 16rem">
            <PageTitle
              title={
                shownTab === undefined ? user.name : `${t(tabMessages[shownTab])} · ${user.name}`
              }
            >
              {user.name}
            </PageTitle>
            <Group gap={6}>
              <RoleBadge role={user.role} />
              <StatusBadge status={user.status} />
              {user.mustChangePassword && <RequiredChangeBadge />}
            </Group>
          </Group>
          <UserActions
            user={user}
            own={own}
            button={actions}
            usersAddress={`/account/users${state?.from ?? ''}`}
            onChangePassword={() => dialog.openOver(profile)}
          />
        </Group>
      </Stack>
      {user.status === 'INVITED' && <InvitationNotice user={user} />}
      {user.status === 'BLOCKED' && <BlockedNotice block={block} />}
      {!own && user.deletionAt != null && <DeletionNotice at={user.deletionAt} />}
      <Tabs
        value={shownTab ?? 'basic-info'}
        onChange={tab => navigate(tab === 'basic-info' ? profile : `${profile}/${tab}`, { state })}
        keepMounted={false}
      >
        <Tabs.List ref={list} mb="lg" className={classes.tabs}>
          <Tabs.Tab value="basic-info" className={classes.tab}>
            {t('users.profile.basicInfoTab')}
          </Tabs.Tab>
          <Tabs.Tab value="access" className={classes.tab}>
            {t('users.profile.accessTab')}
          </Tabs.Tab>
          {seesSecurity && (
            <Tabs.Tab value="security" className={classes.tab}>
              {t('users.profile.securityTab')}
            </Tabs.Tab>
          )}
          {(own || seesOperations) && (
            <Tabs.Tab value="operations" className={classes.tab}>
              {t('users.profile.operationsTab')}
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="access">
          <Suspense fallback={<Skeleton height={280} />}>
            <AccessTab key={user.id} user={user} />
          </Suspense>
        </Tabs.Panel>
        {seesSecurity && (
          <Tabs.Panel value="security">
            <Suspense fallback={<Skeleton height={280} />}>
              <UserSecurityTab
                key={user.id}
                user={user}
                seesOperations={seesOperations}
                onChangePassword={() => dialog.openOver(profile)}
              />
            </Suspense>
          </Tabs.Panel>
        )}
        <Tabs.Panel value="operations">
          <OperationsTab userId={user.id} name={user.name} own={own} seesAll={seesOperations} />
        </Tabs.Panel>
        <Tabs.Panel value="basic-info">
          <BasicInfoTab
            key={user.id}
            user={user}
            pencil={dialog.pencil}
            onChangePassword={dialog.open}
            secondFactors={<SecondFactorRow user={user} own={own} />}
          />
        </Tabs.Panel>
      </Tabs>
      <ChangePasswordDialog
        user={{ ...user, blockReason: block?.reason ?? null }}
        own={own}
        opened={dialog.opened}
        onClose={dialog.close}
        onClosed={() => {
          dialog.onClosed()
          // The dialog may have been opened over another tab, without an edit button.
          returnFocus(dialog.pencil, actions)
        }}
      />
      <Outlet />
    </Stack>
  )
}
