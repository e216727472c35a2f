import { useMutation } from '@apollo/client/react'
import { Stack, Text } from '@mantine/core'
import { SaveButtons } from '../forms/SaveButtons'
import { ServerForm } from '../forms/ServerForm'
import type { PasswordAgeFieldsFragment } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { FailureAlert } from '../ui/FailureAlert'
import { notifySuccess } from '../ui/notify'
import { AffectedUsers } from './AffectedUsers'
import {
  type AgeName,
  type AgeValues,
  ageChangesOf,
  ageFields,
  ageNames,
  ageValuesOf,
  PasswordAge,
  UpdatePasswordAge,
  validateAge,
} from './password-age-settings'
import { SettingsCard } from './SettingsCard'
import { SwitchedNumber } from './SwitchedNumber'
import { UnsavedSettings } from './UnsavedSettings'
import { useConfirmedDays } from './use-confirmed-days'

interface Props {
  settings: PasswordAgeFieldsFragment
}

const isSameAge = (one: AgeValues, other: AgeValues): boolean =>
  Object.keys(ageChangesOf(one, other)).length === 0

/** The switch of a setting, and its number. */
const AgeSetting = ({ name }: { name: AgeName }) => {
  const { t } = useLocale()
  const { title, hint, unit, least, greatest } = ageFields[name]
  return (
    <SwitchedNumber
      name={name}
      title={t(title)}
      description={t(hint)}
      bound={{ label: t(unit), least, greatest }}
    />
  )
}

const PasswordAgeForm = ({ settings }: Props) => {
  const { t } = useLocale()
  const [update] = useMutation(UpdatePasswordAge)
  // Users would have to change passwords that they may keep now.
  const { days, maySave, dialog } = useConfirmedDays(settings.requireChangeAfterDays ?? null)
  return (
    <>
      <ConfirmDialog
        {...dialog}
        title={t('settings.passwordAge.confirmTitle')}
        confirm={t('settings.passwordAge.confirm')}
      >
        {days !== undefined && (
          <>
            <AffectedUsers
              filter={{ passwordOlderThanDays: days, statuses: ['ACTIVE'] }}
              search={`status=ACTIVE&passwordOlderThan=${days}`}
              messages={['settings.affected.password', 'settings.affected.passwordAtLeast']}
            />
            <Text size="sm">{t('settings.passwordAge.confirmText', { days })}</Text>
          </>
        )}
      </ConfirmDialog>
      <ServerForm<AgeValues>
        initialValues={ageValuesOf(settings)}
        validate={validateAge(t)}
        onSubmit={async (values, form) => {
          const input = ageChangesOf(ageValuesOf(settings), values)
          if (!(await maySave(input.requireChangeAfterDays))) return []
          const { data } = await update({ variables: { input } })
          const { settings: saved, errors = [] } = data?.updatePasswordAge ?? {}
          if (saved != null) {
            form.resetForm({ values: ageValuesOf(saved) })
            notifySuccess(t('settings.passwordAge.saved'))
          }
          return errors
        }}
      >
        {(refusal, form) => (
          <>
            <UnsavedSettings saved={ageValuesOf(settings)} isSame={isSameAge} />
            <Stack gap="lg">
              {ageNames.map(name => (
                <AgeSetting key={name} name={name} />
              ))}
              <FailureAlert failure={refusal} />
              <SaveButtons
                dirty={form.dirty}
                busy={form.isSubmitting && days === undefined}
                onDiscard={() => form.resetForm()}
              />
            </Stack>
          </>
        )}
      </ServerForm>
    </>
  )
}

/** How old passwords may become, also temporary ones. */
export const PasswordAgeCard = () => {
  const { t } = useLocale()
  return (
    <SettingsCard
      id="password-age"
      title={t('settings.passwordAge.title')}
      hint={t('settings.passwordAge.hint')}
      query={PasswordAge}
      height={240}
    >
      {({ passwordAgeSettings }) => <PasswordAgeForm settings={passwordAgeSettings} />}
    </SettingsCard>
  )
}
