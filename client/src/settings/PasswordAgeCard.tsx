import { useMutation, useQuery } from '@apollo/client/react'
import { Card, Skeleton, Stack, Text, Title } from '@mantine/core'
import { FollowSaved } from '../forms/FollowSaved'
import { SaveButtons } from '../forms/SaveButtons'
import { ServerForm } from '../forms/ServerForm'
import type { PasswordAgeFieldsFragment } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { FailureAlert } from '../ui/FailureAlert'
import { LeaveGuard } from '../ui/LeaveGuard'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
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
import { SwitchedNumber } from './SwitchedNumber'

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
  return (
    <ServerForm<AgeValues>
      initialValues={ageValuesOf(settings)}
      validate={validateAge(t)}
      onSubmit={async (values, form) => {
        const input = ageChangesOf(ageValuesOf(settings), values)
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
          <LeaveGuard
            when={form.dirty}
            saving={form.isSubmitting}
            title={t('ui.leaveGuard.title')}
            message={t('settings.page.leaveMessage')}
          />
          <FollowSaved saved={ageValuesOf(settings)} isSame={isSameAge} />
          <Stack gap="lg">
            {ageNames.map(name => (
              <AgeSetting key={name} name={name} />
            ))}
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
  )
}

/** How old passwords may become, also temporary ones. */
export const PasswordAgeCard = () => {
  const { t } = useLocale()
  const { data, error, refetch } = useQuery(PasswordAge, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="password-age">
      <Title order={2} size="h5" mb={4} id="password-age">
        {t('settings.passwordAge.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="lg">
        {t('settings.passwordAge.hint')}
      </Text>
      {data !== undefined && <PasswordAgeForm settings={data.passwordAgeSettings} />}
      {data === undefined && error === undefined && (
        <Skeleton height={240} aria-busy="true" aria-label={t('settings.page.loading')} />
      )}
      {data === undefined && error !== undefined && (
        <LoadFailure failure={error} onRetry={() => void refetch()} />
      )}
    </Card>
  )
}
