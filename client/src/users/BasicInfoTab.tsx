import { useMutation } from '@apollo/client/react'
import { Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { type FormikHelpers, useFormikContext } from 'formik'
import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import { FormTextField } from '../forms/FormTextField'
import { LoginField } from '../forms/LoginField'
import { readOnlyField } from '../forms/read-only-field'
import { SaveButtons } from '../forms/SaveButtons'
import { showServerErrors } from '../forms/server-errors'
import { ValidatedForm } from '../forms/ValidatedForm'
import { graphql } from '../gql'
import type { BasicInfoFragment } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { PasswordRow } from '../passwords/PasswordRow'
import { useViewer } from '../sessions/use-viewer'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { LeaveGuard } from '../ui/LeaveGuard'
import { leftToRight } from '../ui/left-to-right'
import { notifySuccess } from '../ui/notify'
import { LanguageSelect } from './LanguageSelect'
import {
  changesOf,
  mergeEdits,
  type ProfileValues,
  profileFieldMessages,
  valuesOf,
} from './profile-edit'
import { StaleEdit, type StaleEditState } from './StaleEdit'
import { TimeAgo } from './TimeAgo'

graphql(`
  fragment BasicInfo on User {
    id
    login
    firstName
    lastName
    name
    phoneFormatted
    language
    externalId
    loginVerifiedAt
    lastSignInAt
    passwordChangedAt
    hasPassword
    passwordExpiresAt
    passwordDeadline {
      at
      remindFrom
      required
    }
    createdAt
    version
    viewerCanUpdate
    viewerCanChangeLogin
    viewerCanChangePassword
    refusalToChangePassword
  }
`)

const UpdateUser = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      user {
        ...BasicInfo
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
        ... on UserChangedMeanwhile {
          user {
            ...BasicInfo
          }
        }
      }
    }
  }
`)

const validate =
  (t: Translate) =>
  ({ login, firstName }: ProfileValues): Partial<ProfileValues> => ({
    ...(login.trim() === '' ? { login: t('users.basicInfo.loginMissing') } : {}),
    ...(firstName.trim() === '' ? { firstName: t('users.field.firstNameMissing') } : {}),
  })

const Facts = ({ user }: { user: BasicInfoFragment }) => {
  const { t } = useLocale()
  return (
    <Group gap="xl" component="dl" m={0}>
      {[
        [t('users.basicInfo.lastSignIn'), <TimeAgo key="at" at={user.lastSignInAt} />] as const,
        [t('users.basicInfo.added'), <TimeAgo key="at" at={user.createdAt} />] as const,
      ].map(([term, value]) => (
        <div key={term}>
          <Text component="dt" size="xs" c="dimmed">
            {term}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </Group>
  )
}

/**
 * Shows changes that were made elsewhere, unless they would overwrite an edit. The edit is then
 * merged when it is saved.
 */
const FollowUser = ({
  user,
  base,
  onFollow,
}: {
  user: BasicInfoFragment
  base: BasicInfoFragment
  onFollow: (user: BasicInfoFragment) => void
}) => {
  const { dirty, isSubmitting, resetForm } = useFormikContext<ProfileValues>()
  useEffect(() => {
    if (user.version <= base.version || dirty || isSubmitting) return
    onFollow(user)
    resetForm({ values: valuesOf(user) })
  }, [user, base, dirty, isSubmitting, onFollow, resetForm])
  return null
}

interface Props {
  user: BasicInfoFragment
  pencil: RefObject<HTMLButtonElement | null>
  onChangePassword: () => void
  /** The part about second factors, shown next to login and password. */
  secondFactors?: ReactNode
}

/** The login, password, name and other fields of a profile. */
export const BasicInfoTab = ({ user, pencil, onChangePassword, secondFactors }: Props) => {
  const { t } = useLocale()
  const [updateUser] = useMutation(UpdateUser)
  const { viewer } = useViewer()
  const [failure, setFailure] = useState<string | null>(null)
  // The values at the start of the edit; the profile may be newer.
  const [base, setBase] = useState(user)
  const [stale, setStale] = useState<StaleEditState | null>(null)
  const readOnly = !user.viewerCanUpdate
  const fieldLook = readOnly ? readOnlyField : {}
  const editsExternalId = !readOnly && viewer?.permissions.includes('users.manage') === true

  const save = async (
    values: ProfileValues,
    from: BasicInfoFragment,
    form: FormikHelpers<ProfileValues>,
  ): Promise<void> => {
    const changes = changesOf(valuesOf(from), values)
    const { data } = await updateUser({
      variables: { input: { userId: user.id, version: from.version, ...changes } },
    })
    if (data?.updateUser.user != null) {
      setBase(data.updateUser.user)
      form.resetForm({ values: valuesOf(data.updateUser.user) })
      notifySuccess(<Message id="users.basicInfo.saved" />)
      return
    }
    const errors = data?.updateUser.errors ?? []
    for (const error of errors) {
      if (error.__typename !== 'UserChangedMeanwhile') continue
      const theirs = valuesOf(error.user)
      const merged = mergeEdits(valuesOf(from), values, theirs)
      // The other change affects no field of this form, only the role or the status.
      if (merged.conflicts.length + merged.takenOver.length === 0) {
        return save(values, error.user, form)
      }
      setBase(error.user)
      form.resetForm({ values: theirs })
      await form.setValues(merged.values, false)
      setStale({ ...merged, theirs })
      return
    }
    const [elsewhere] = showServerErrors(errors, values, form)
    if (elsewhere !== undefined) setFailure(elsewhere.message)
  }

  const submit = async (values: ProfileValues, form: FormikHelpers<ProfileValues>) => {
    setFailure(null)
    setStale(null)
    try {
      await save(values, base, form)
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }

  return (
    <ValidatedForm<ProfileValues>
      initialValues={valuesOf(user)}
      validate={validate(t)}
      onSubmit={submit}
    >
      {form => (
        <>
          <LeaveGuard
            when={form.dirty}
            saving={form.isSubmitting}
            title={t('ui.leaveGuard.title')}
            message={t('users.basicInfo.leaveMessage')}
          />
          {stale === null && <FollowUser user={user} base={base} onFollow={setBase} />}
          <Stack gap="lg" maw={760}>
            {stale !== null && <StaleEdit stale={stale} />}
            <FailureAlert failure={failure} />
            <Card withBorder padding="lg" component="section" aria-labelledby="sign-in-section">
              <Title order={2} size="h5" mb="md" id="sign-in-section">
                {t('users.basicInfo.signIn')}
              </Title>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
                <div>
                  <LoginField
                    name="login"
                    autoComplete="off"
                    {...(user.viewerCanChangeLogin ? {} : readOnlyField)}
                    description={
                      user.viewerCanUpdate && !user.viewerCanChangeLogin
                        ? t('users.basicInfo.loginReadOnly')
                        : undefined
                    }
                  />
                  <Text size="xs" c="dimmed" mt={4}>
                    {user.loginVerifiedAt == null ? (
                      t('users.basicInfo.loginNotVerified')
                    ) : (
                      <Message
                        id="users.basicInfo.loginVerified"
                        values={{ when: <TimeAgo at={user.loginVerifiedAt} /> }}
                      />
                    )}
                  </Text>
                </div>
                <PasswordRow user={user} pencil={pencil} onChangePassword={onChangePassword} />
                {secondFactors}
              </SimpleGrid>
            </Card>
            <Card withBorder padding="lg" component="section" aria-labelledby="person-section">
              <Title order={2} size="h5" mb="md" id="person-section">
                {t('users.basicInfo.person')}
              </Title>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
                <FormTextField
                  name="firstName"
                  label={t(profileFieldMessages.firstName)}
                  autoComplete="off"
                  {...fieldLook}
                />
                <FormTextField
                  name="lastName"
                  label={t(profileFieldMessages.lastName)}
                  autoComplete="off"
                  {...fieldLook}
                />
                <FormTextField
                  name="phone"
                  label={t(profileFieldMessages.phone)}
                  type="tel"
                  {...leftToRight}
                  maxLength={200}
                  autoComplete="off"
                  {...fieldLook}
                />
                <LanguageSelect
                  label={t(profileFieldMessages.language)}
                  id="language"
                  current={user.language}
                  value={form.values.language}
                  onChange={value => void form.setFieldValue('language', value ?? user.language)}
                  error={form.touched.language ? form.errors.language : undefined}
                  {...fieldLook}
                />
                {(editsExternalId || form.values.externalId !== '') && (
                  <FormTextField
                    name="externalId"
                    label={t(profileFieldMessages.externalId)}
                    description={t('users.basicInfo.externalIdHint')}
                    autoComplete="off"
                    {...(editsExternalId ? {} : readOnlyField)}
                  />
                )}
              </SimpleGrid>
            </Card>
            <Group justify="space-between" gap="lg">
              <Facts user={user} />
              {!readOnly && (
                <SaveButtons
                  dirty={form.dirty}
                  busy={form.isSubmitting}
                  onDiscard={() => {
                    setStale(null)
                    form.resetForm()
                  }}
                />
              )}
            </Group>
          </Stack>
        </>
      )}
    </ValidatedForm>
  )
}
