import { useQuery } from '@apollo/client/react'
import { Alert, Skeleton, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { AccountSettings } from './account-settings'
import { DefaultsCard } from './DefaultsCard'
import { LookCard } from './LookCard'
import { OwnDeletionCard } from './OwnDeletionCard'

const Settings = () => {
  const { t } = useLocale()
  const { data, error, refetch } = useQuery(AccountSettings, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  if (data === undefined) {
    return error === undefined ? (
      <Skeleton height={300} maw={760} aria-busy="true" aria-label={t('settings.page.loading')} />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <Stack gap="lg" maw={760}>
      <LookCard />
      <DefaultsCard settings={data.accountSettings} />
      <OwnDeletionCard />
    </Stack>
  )
}

/** How the account looks, and settings for the profiles of its users. */
export const GeneralSettingsPage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('settings.manage') === true
  return (
    <Stack gap="lg">
      <PageTitle title={t('settings.general.title')} />
      {allowed ? (
        <Settings />
      ) : (
        <Alert icon={<IconLock />} title={t('settings.page.notAllowedTitle')}>
          {t('settings.general.notAllowed')}
        </Alert>
      )}
    </Stack>
  )
}
