import { useQuery } from '@apollo/client/react'
import { Alert, Skeleton, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useViewer } from '../sessions/use-viewer'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { AccountSettings } from './account-settings'
import { DefaultsCard } from './DefaultsCard'

const Settings = () => {
  const { data, error, refetch } = useQuery(AccountSettings, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  if (data === undefined) {
    return error === undefined ? (
      <Skeleton height={300} maw={760} aria-busy="true" aria-label="Loading the settings" />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <Stack gap="lg" maw={760}>
      <DefaultsCard settings={data.accountSettings} />
    </Stack>
  )
}

/** Settings of the whole account for the profiles of its users. */
export const GeneralSettingsPage = () => {
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('settings.manage') === true
  return (
    <Stack gap="lg">
      <PageTitle title="General" />
      {allowed ? (
        <Settings />
      ) : (
        <Alert icon={<IconLock />} title="You may not change these settings">
          Ask an administrator if you need a change.
        </Alert>
      )}
    </Stack>
  )
}
