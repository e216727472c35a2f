import { useMutation, useQuery } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { AffectedCount } from './AffectedCount'
import { ConfirmedDaysForm } from './ConfirmedDaysForm'
import { SettingsCard } from './SettingsCard'
import { SecuritySettings, UpdateSecuritySettings } from './security-settings'

const CountedApiTokens = graphql(`
  query CountedApiTokens($filter: ApiTokenFilter!) {
    allApiTokens(first: 0, filter: $filter) {
      totalCount
    }
  }
`)

const bounds = { least: 1, greatest: 366, usual: 90 }

/** How many tokens live longer. Nothing for a user who may not see the tokens of others. */
const AffectedTokens = ({ days }: { days: number }) => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const seesTokens = viewer?.permissions.includes('users.manage') === true
  const { data, error } = useQuery(CountedApiTokens, {
    variables: { filter: { lifetimeOverDays: days } },
    fetchPolicy: 'network-only',
    skip: !seesTokens,
  })
  if (!seesTokens) return null
  return (
    <AffectedCount failure={error}>
      {data && t('settings.tokenLife.affected', { count: data.allApiTokens.totalCount })}
    </AffectedCount>
  )
}

/** How long API tokens may live. With a shorter time, tokens expire earlier than their owners expect. */
export const ApiTokenLifeCard = () => {
  const { t } = useLocale()
  const [update] = useMutation(UpdateSecuritySettings)
  return (
    <SettingsCard
      id="api-token-life"
      title={t('settings.tokenLife.title')}
      hint={t('settings.tokenLife.hint')}
      query={SecuritySettings}
      height={120}
    >
      {({ securitySettings }) => (
        <ConfirmedDaysForm
          name="apiTokenMaxDays"
          saved={securitySettings.apiTokenMaxDays ?? null}
          bounds={bounds}
          texts={{
            title: t('settings.tokenLife.limit'),
            description: t('settings.tokenLife.limitHint'),
            days: t('settings.tokenLife.days'),
            confirmTitle: t('settings.tokenLife.confirmTitle'),
            confirm: t('settings.tokenLife.confirm'),
            saved: t('settings.tokenLife.saved'),
          }}
          question={days => (
            <>
              <AffectedTokens days={days} />
              <Text size="sm">{t('settings.tokenLife.confirmText', { days })}</Text>
            </>
          )}
          save={async apiTokenMaxDays => {
            const { data } = await update({ variables: { input: { apiTokenMaxDays } } })
            const { settings, errors = [] } = data?.updateSecuritySettings ?? {}
            return {
              saved: settings == null ? undefined : (settings.apiTokenMaxDays ?? null),
              errors,
            }
          }}
        />
      )}
    </SettingsCard>
  )
}
