import { useMutation } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useLocale } from '../messages/use-locale'
import { OperationRetention, UpdateOperationRetention } from '../operations/operation-retention'
import { ConfirmedDaysForm } from './ConfirmedDaysForm'
import { SettingsCard } from './SettingsCard'

const bounds = { least: 30, greatest: 3650, usual: 365 }

/** How long operations are kept. A shorter time deletes operations that are kept now. */
export const RetentionCard = () => {
  const { t } = useLocale()
  const [update] = useMutation(UpdateOperationRetention)
  return (
    <SettingsCard
      id="operation-retention"
      title={t('settings.retention.title')}
      hint={t('settings.retention.hint')}
      query={OperationRetention}
      height={120}
    >
      {({ operationRetention }) => (
        <ConfirmedDaysForm
          name="keepDays"
          saved={operationRetention.keepDays ?? null}
          bounds={bounds}
          texts={{
            title: t('settings.retention.delete'),
            description: t('settings.retention.deleteHint'),
            days: t('settings.retention.days'),
            confirmTitle: t('settings.retention.confirmTitle'),
            confirm: t('settings.retention.confirm'),
            saved: t('settings.retention.saved'),
          }}
          question={days => <Text size="sm">{t('settings.retention.confirmText', { days })}</Text>}
          save={async keepDays => {
            const { data } = await update({ variables: { input: { keepDays } } })
            const { retention, errors = [] } = data?.updateOperationRetention ?? {}
            return { saved: retention == null ? undefined : (retention.keepDays ?? null), errors }
          }}
        />
      )}
    </SettingsCard>
  )
}
