import { useQuery } from '@apollo/client/react'
import { Alert, Skeleton, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { PasswordAgeCard } from './PasswordAgeCard'
import { PasswordPolicyForm } from './PasswordPolicyForm'
import { PasswordPolicySettings } from './password-policy-settings'

const Settings = () => {
  const { t } = useLocale()
  const { data, error, refetch } = useQuery(PasswordPolicySettings, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  if (data !== undefined) return <PasswordPolicyForm settings={data.passwordPolicySettings} />
  return error === undefined ? (
    <Skeleton height={600} aria-busy="true" aria-label={t('settings.page.loading')} />
  ) : (
    <LoadFailure failure={error} onRetry={() => void refetch()} />
  )
}

/** The rules that a new password must meet. */
export const PasswordPolicyPage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('settings.manage') === true
  return (
    <Stack gap="lg">
      <PageTitle title={t('settings.passwordPolicy.title')} />
      {allowed ? (
        <>
          <Settings />
          <PasswordAgeCard />
        </>
      ) : (
        <Alert icon={<IconLock aria-hidden />} title={t('settings.page.notAllowedTitle')}>
          {t('settings.general.notAllowed')}
        </Alert>
      )}
    </Stack>
  )
}
