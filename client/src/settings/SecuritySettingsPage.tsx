import { useQuery } from '@apollo/client/react'
import { Alert, Anchor, Skeleton, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { Link } from 'react-router'
import { AllowedAddressesCard } from '../ip-authorization/AllowedAddressesCard'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { ApiTokenLifeCard } from './ApiTokenLifeCard'
import { RetentionCard } from './RetentionCard'
import { SecondFactorCard } from './SecondFactorCard'
import { SecuritySettings } from './security-settings'

const Settings = () => {
  const { t } = useLocale()
  const { data, error, refetch } = useQuery(SecuritySettings, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  if (data === undefined) {
    return error === undefined ? (
      <Stack aria-busy="true" aria-label={t('settings.page.loading')}>
        <Skeleton height={380} />
        <Skeleton height={220} />
      </Stack>
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <Stack gap="lg" maw={760}>
      <SecondFactorCard settings={data.securitySettings} />
      <AllowedAddressesCard settings={data.securitySettings} />
      <ApiTokenLifeCard />
      <RetentionCard />
    </Stack>
  )
}

/** How the whole account is protected. */
export const SecuritySettingsPage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('settings.manage') === true
  return (
    <Stack gap="lg">
      <PageTitle title={t('settings.security.title')} />
      {allowed ? (
        <Settings />
      ) : (
        <Alert icon={<IconLock />} title={t('settings.page.notAllowedTitle')}>
          <Message
            id="settings.security.notAllowed"
            values={{
              link: c => (
                <Anchor inherit component={Link} to="/account/me/security">
                  {c}
                </Anchor>
              ),
            }}
          />
        </Alert>
      )}
    </Stack>
  )
}
