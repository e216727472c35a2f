import { useMutation } from '@apollo/client/react'
import { Stack, Text } from '@mantine/core'
import { SaveButtons } from '../forms/SaveButtons'
import { ServerForm } from '../forms/ServerForm'
import { useLocale } from '../messages/use-locale'
import { OperationRetention, UpdateOperationRetention } from '../operations/operation-retention'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { FailureAlert } from '../ui/FailureAlert'
import { notifySuccess } from '../ui/notify'
import { SettingsCard } from './SettingsCard'
import { SwitchedNumber } from './SwitchedNumber'
import { UnsavedSettings } from './UnsavedSettings'
import { useConfirmedDays } from './use-confirmed-days'

const bounds = { least: 30, greatest: 3650 }
const usualDays = 365

interface Values {
  keepDays: string
  enabled: { keepDays: boolean }
}

const valuesOf = (keepDays: number | null): Values => ({
  keepDays: String(keepDays ?? usualDays),
  enabled: { keepDays: keepDays !== null },
})

/** The number of days; null if all operations are kept, undefined if the number is not allowed. */
const typedDaysOf = ({ keepDays, enabled }: Values): number | null | undefined => {
  if (!enabled.keepDays) return null
  const typed = keepDays.trim()
  if (!/^\d{1,4}$/.test(typed)) return undefined
  const days = Number(typed)
  return days < bounds.least || days > bounds.greatest ? undefined : days
}

const isSame = (one: Values, other: Values): boolean => typedDaysOf(one) === typedDaysOf(other)

const RetentionForm = ({ keepDays }: { keepDays: number | null }) => {
  const { t } = useLocale()
  const [update] = useMutation(UpdateOperationRetention)
  // Operations would be deleted that are kept now.
  const confirmed = useConfirmedDays(keepDays)
  return (
    <>
      <ConfirmDialog
        {...confirmed.dialog}
        title={t('settings.retention.confirmTitle')}
        confirm={t('settings.retention.confirm')}
        danger
      >
        <Text size="sm">
          {t('settings.retention.confirmText', { days: confirmed.days ?? bounds.least })}
        </Text>
      </ConfirmDialog>
      <ServerForm<Values>
        initialValues={valuesOf(keepDays)}
        validate={values =>
          typedDaysOf(values) === undefined
            ? { keepDays: t('password-policy.bound.range', bounds) }
            : {}
        }
        onSubmit={async (values, form) => {
          const days = typedDaysOf(values) ?? null
          if (!(await confirmed.maySave(days))) return []
          const { data } = await update({ variables: { input: { keepDays: days } } })
          const { retention, errors = [] } = data?.updateOperationRetention ?? {}
          if (retention != null) {
            form.resetForm({ values: valuesOf(retention.keepDays ?? null) })
            notifySuccess(t('settings.retention.saved'))
          }
          return errors
        }}
      >
        {(refusal, form) => (
          <>
            <UnsavedSettings saved={valuesOf(keepDays)} isSame={isSame} />
            <Stack gap="lg">
              <SwitchedNumber
                name="keepDays"
                title={t('settings.retention.delete')}
                description={t('settings.retention.deleteHint')}
                bound={{ label: t('settings.retention.days'), ...bounds }}
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

/** How long operations are kept. */
export const RetentionCard = () => {
  const { t } = useLocale()
  return (
    <SettingsCard
      id="operation-retention"
      title={t('settings.retention.title')}
      hint={t('settings.retention.hint')}
      query={OperationRetention}
      height={120}
    >
      {({ operationRetention }) => <RetentionForm keepDays={operationRetention.keepDays ?? null} />}
    </SettingsCard>
  )
}
