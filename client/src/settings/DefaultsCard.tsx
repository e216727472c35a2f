import { useMutation } from '@apollo/client/react'
import { Card, Select, Stack, Title } from '@mantine/core'
import { SaveButtons } from '../forms/SaveButtons'
import { ServerForm } from '../forms/ServerForm'
import type { AccountSettingsFieldsFragment } from '../gql/graphql'
import type { Locale } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { FailureAlert } from '../ui/FailureAlert'
import { notifySuccess } from '../ui/notify'
import { LanguageSelect } from '../users/LanguageSelect'
import { UpdateAccountSettings } from './account-settings'
import { UnsavedSettings } from './UnsavedSettings'

interface Values {
  defaultLanguage: string
  /** Empty for none. */
  defaultRegion: string
}

const valuesOf = (settings: AccountSettingsFieldsFragment): Values => ({
  defaultLanguage: settings.defaultLanguage,
  defaultRegion: settings.defaultRegion ?? '',
})

const regionOptions = (
  { t, regionName, compare }: Pick<Locale, 't' | 'regionName' | 'compare'>,
  regions: readonly string[],
) => [
  { value: '', label: t('settings.general.noRegion') },
  ...[...new Set(regions)]
    .filter(region => region !== '')
    .map(value => ({ value, label: regionName(value) }))
    .sort((one, other) => compare(one.label, other.label)),
]

const isSame = (one: Values, other: Values): boolean =>
  one.defaultLanguage === other.defaultLanguage && one.defaultRegion === other.defaultRegion

/** The default language of new users, and the region of national phone numbers. */
export const DefaultsCard = ({ settings }: { settings: AccountSettingsFieldsFragment }) => {
  const locale = useLocale()
  const { t } = locale
  const [update] = useMutation(UpdateAccountSettings)
  return (
    <ServerForm<Values>
      initialValues={valuesOf(settings)}
      onSubmit={async (values, form) => {
        const saved = valuesOf(settings)
        const { data } = await update({
          variables: {
            input: {
              // Only what was changed: another administrator may be changing the rest.
              ...(values.defaultLanguage === saved.defaultLanguage
                ? {}
                : { defaultLanguage: values.defaultLanguage }),
              ...(values.defaultRegion === saved.defaultRegion
                ? {}
                : { defaultRegion: values.defaultRegion === '' ? null : values.defaultRegion }),
            },
          },
        })
        if (data?.updateAccountSettings.settings != null) {
          form.resetForm({ values: valuesOf(data.updateAccountSettings.settings) })
          notifySuccess(t('settings.general.saved'))
        }
        return data?.updateAccountSettings.errors ?? []
      }}
    >
      {(refusal, form) => (
        <Card withBorder padding="lg" component="section" aria-labelledby="account-defaults">
          <UnsavedSettings saved={valuesOf(settings)} isSame={isSame} />
          <Title order={2} size="h5" mb="md" id="account-defaults">
            {t('settings.general.defaults')}
          </Title>
          <Stack gap="lg">
            <FailureAlert failure={refusal} />
            <LanguageSelect
              label={t('settings.general.language')}
              description={t('settings.general.languageHint')}
              current={form.values.defaultLanguage}
              value={form.values.defaultLanguage}
              onChange={value =>
                void form.setFieldValue('defaultLanguage', value ?? settings.defaultLanguage)
              }
              error={form.errors.defaultLanguage}
            />
            <Select
              label={t('settings.general.region')}
              description={t('settings.general.regionHint')}
              data={regionOptions(locale, settings.regions)}
              value={form.values.defaultRegion}
              onChange={value => void form.setFieldValue('defaultRegion', value ?? '')}
              error={form.errors.defaultRegion}
              allowDeselect={false}
              searchable
              onFocus={event => event.currentTarget.select()}
              nothingFoundMessage={t('settings.general.regionNotFound')}
            />
            <SaveButtons
              dirty={form.dirty}
              busy={form.isSubmitting}
              onDiscard={() => form.resetForm()}
            />
          </Stack>
        </Card>
      )}
    </ServerForm>
  )
}
