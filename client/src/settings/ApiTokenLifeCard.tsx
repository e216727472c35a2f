import { useMutation, useQuery } from '@apollo/client/react'
import { Skeleton, Stack, Text } from '@mantine/core'
import { SaveButtons } from '../forms/SaveButtons'
import { ServerForm } from '../forms/ServerForm'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { notifySuccess } from '../ui/notify'
import { SettingsCard } from './SettingsCard'
import { SwitchedNumber } from './SwitchedNumber'
import { SecuritySettings, UpdateSecuritySettings } from './security-settings'
import { UnsavedSettings } from './UnsavedSettings'
import { useConfirmedDays } from './use-confirmed-days'

const CountedApiTokens = graphql(`
  query CountedApiTokens($filter: ApiTokenFilter!) {
    allApiTokens(first: 0, filter: $filter) {
      totalCount
    }
  }
`)

const bounds = { least: 1, greatest: 366 }
const usualDays = 90

interface Values {
  apiTokenMaxDays: string
  enabled: { apiTokenMaxDays: boolean }
}

const valuesOf = (days: number | null): Values => ({
  apiTokenMaxDays: String(days ?? usualDays),
  enabled: { apiTokenMaxDays: days !== null },
})

/** The number of days; null if there is no limit, undefined if the number is not allowed. */
const typedDaysOf = ({ apiTokenMaxDays, enabled }: Values): number | null | undefined => {
  if (!enabled.apiTokenMaxDays) return null
  const typed = apiTokenMaxDays.trim()
  if (!/^\d{1,3}$/.test(typed)) return undefined
  const days = Number(typed)
  return days < bounds.least || days > bounds.greatest ? undefined : days
}

const isSame = (one: Values, other: Values): boolean => typedDaysOf(one) === typedDaysOf(other)

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
  if (error !== undefined) {
    return (
      <Text size="sm" c="dimmed">
        {describeFailure(t, error)}
      </Text>
    )
  }
  return (
    <div role="status">
      {data === undefined ? (
        <Skeleton height={22} aria-label={t('ui.loading')} />
      ) : (
        <Text size="sm" fw={600}>
          {t('settings.tokenLife.affected', { count: data.allApiTokens.totalCount })}
        </Text>
      )}
    </div>
  )
}

const TokenLifeForm = ({ saved }: { saved: number | null }) => {
  const { t } = useLocale()
  const [update] = useMutation(UpdateSecuritySettings)
  // Tokens would expire earlier than their owners expect.
  const { days, maySave, dialog } = useConfirmedDays(saved)
  return (
    <>
      <ConfirmDialog
        {...dialog}
        title={t('settings.tokenLife.confirmTitle')}
        confirm={t('settings.tokenLife.confirm')}
        danger
      >
        {days !== undefined && (
          <>
            <AffectedTokens days={days} />
            <Text size="sm">{t('settings.tokenLife.confirmText', { days })}</Text>
          </>
        )}
      </ConfirmDialog>
      <ServerForm<Values>
        initialValues={valuesOf(saved)}
        validate={values =>
          typedDaysOf(values) === undefined
            ? { apiTokenMaxDays: t('password-policy.bound.range', bounds) }
            : {}
        }
        onSubmit={async (values, form) => {
          const apiTokenMaxDays = typedDaysOf(values) ?? null
          if (!(await maySave(apiTokenMaxDays))) return []
          const { data } = await update({ variables: { input: { apiTokenMaxDays } } })
          const { settings, errors = [] } = data?.updateSecuritySettings ?? {}
          if (settings != null) {
            form.resetForm({ values: valuesOf(settings.apiTokenMaxDays ?? null) })
            notifySuccess(t('settings.tokenLife.saved'))
          }
          return errors
        }}
      >
        {(refusal, form) => (
          <>
            <UnsavedSettings saved={valuesOf(saved)} isSame={isSame} />
            <Stack gap="lg">
              <SwitchedNumber
                name="apiTokenMaxDays"
                title={t('settings.tokenLife.limit')}
                description={t('settings.tokenLife.limitHint')}
                bound={{ label: t('settings.tokenLife.days'), ...bounds }}
              />
              <FailureAlert failure={refusal} />
              <SaveButtons
                dirty={form.dirty}
                busy={form.isSubmitting}
                onDiscard={() => form.resetForm()}
              />
            </Stack>
          </>
        )}
      </ServerForm>
    </>
  )
}

/** How long API tokens may live. */
export const ApiTokenLifeCard = () => {
  const { t } = useLocale()
  return (
    <SettingsCard
      id="api-token-life"
      title={t('settings.tokenLife.title')}
      hint={t('settings.tokenLife.hint')}
      query={SecuritySettings}
      height={120}
    >
      {({ securitySettings }) => <TokenLifeForm saved={securitySettings.apiTokenMaxDays ?? null} />}
    </SettingsCard>
  )
}
