import { useMutation } from '@apollo/client/react'
import {
  ActionIcon,
  Alert,
  Button,
  Card,
  Group,
  Input,
  Modal,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core'
import { IconAlertCircle, IconPencil } from '@tabler/icons-react'
import { Form, Formik, type FormikHelpers, type FormikProps, useFormikContext } from 'formik'
import { type RefObject, useEffect, useState } from 'react'
import { useBlocker } from 'react-router'
import { describeFailure } from '../app/describe-failure'
import { notifySuccess } from '../app/notify'
import { FormTextField } from '../forms/FormTextField'
import { focusFirstInvalid, showServerErrors } from '../forms/server-errors'
import { graphql } from '../gql'
import type { EditedUserQuery } from '../gql/graphql'
import { languageOptions } from './languages'
import { TimeAgo } from './TimeAgo'

const UpdateUser = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      user {
        id
        login
        firstName
        lastName
        name
        phone
        language
        version
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

type User = NonNullable<EditedUserQuery['user']>

interface Values {
  login: string
  firstName: string
  lastName: string
  phone: string
  language: string
}

const valuesOf = (user: User): Values => ({
  login: user.login,
  firstName: user.firstName,
  lastName: user.lastName,
  phone: user.phone ?? '',
  language: user.language,
})

const validate = ({ login, firstName }: Values): Partial<Values> => ({
  ...(login.trim() === '' ? { login: 'Enter a login.' } : {}),
  ...(firstName.trim() === '' ? { firstName: 'Enter a first name.' } : {}),
})

const withoutDialog = (path: string) => path.replace(/\/change-password$/, '')

/** Asks before edits are lost, be it by a link, by Back or by closing the tab. */
const UnsavedChangesGuard = () => {
  const { dirty, isSubmitting } = useFormikContext()
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty &&
      !isSubmitting &&
      // The dialog lies over the form, which stays as it is beneath.
      withoutDialog(currentLocation.pathname) !== withoutDialog(nextLocation.pathname),
  )
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
  return (
    <Modal
      opened={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm">What you changed in this profile will be lost.</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
          Stay
        </Button>
        <Button color="red" onClick={() => blocker.proceed?.()}>
          Leave
        </Button>
      </Group>
    </Modal>
  )
}

interface PasswordRowProps {
  user: User
  pencil: RefObject<HTMLButtonElement | null>
  onChangePassword: () => void
}

const PasswordRow = ({ user, pencil, onChangePassword }: PasswordRowProps) => (
  <Input.Wrapper label="Password" labelElement="div">
    <Group gap="xs" wrap="nowrap" h={36} mt={2}>
      {user.passwordChangedAt == null ? (
        <Text size="sm" c="dimmed">
          Not set
        </Text>
      ) : (
        <>
          <Text className="password-dots" aria-hidden>
            ••••••••••••
          </Text>
          <VisuallyHidden>Set</VisuallyHidden>
        </>
      )}
      {user.viewerCanChangePassword && (
        <ActionIcon
          ref={pencil}
          variant="light"
          size="lg"
          aria-label="Change password"
          aria-haspopup="dialog"
          title="Change password"
          onClick={onChangePassword}
        >
          <IconPencil size={18} aria-hidden />
        </ActionIcon>
      )}
      {user.passwordChangedAt != null && (
        <Text size="xs" c="dimmed">
          Changed <TimeAgo at={user.passwordChangedAt} />
        </Text>
      )}
    </Group>
  </Input.Wrapper>
)

const Facts = ({ user }: { user: User }) => (
  <Group gap="xl" component="dl" m={0}>
    {[
      ['Last sign-in', <TimeAgo key="at" at={user.lastSignInAt} />] as const,
      ['Added', <TimeAgo key="at" at={user.createdAt} />] as const,
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

interface Props extends PasswordRowProps {
  /** Fetches the profile anew. */
  onReload: () => void
}

/** Login, password, name and the rest of a profile. */
export const BasicInfoTab = ({ user, pencil, onChangePassword, onReload }: Props) => {
  const [updateUser] = useMutation(UpdateUser)
  const [failure, setFailure] = useState<string | null>(null)
  const [stale, setStale] = useState(false)
  const readOnly = !user.viewerCanUpdate

  const submit = async (values: Values, form: FormikHelpers<Values>) => {
    setFailure(null)
    setStale(false)
    const initial = valuesOf(user)
    const { phone, login, ...rest } = values
    try {
      const { data } = await updateUser({
        variables: {
          input: {
            userId: user.id,
            version: user.version,
            ...rest,
            ...(phone === initial.phone ? {} : { phone: phone.trim() === '' ? null : phone }),
            // Only when it is changed: that takes a right of its own.
            ...(login === initial.login ? {} : { login }),
          },
        },
      })
      const errors = data?.updateUser.errors ?? []
      if (errors.length === 0) {
        notifySuccess('Changes saved')
        return
      }
      if (errors.some(error => error.__typename === 'UserChangedMeanwhile')) {
        setStale(true)
        return
      }
      const [elsewhere] = showServerErrors(errors, values, form)
      if (elsewhere !== undefined) setFailure(elsewhere.message)
    } catch (problem) {
      setFailure(describeFailure(problem))
    }
  }

  return (
    <Formik<Values>
      initialValues={valuesOf(user)}
      enableReinitialize
      validate={validate}
      validateOnBlur={false}
      onSubmit={submit}
    >
      {(form: FormikProps<Values>) => (
        <Form
          noValidate
          onSubmit={event => {
            focusFirstInvalid(form.values, validate(form.values))
            form.handleSubmit(event)
          }}
        >
          <UnsavedChangesGuard />
          <Stack gap="lg" maw={760}>
            {stale && (
              <Alert
                color="yellow"
                title="Someone else has changed this profile meanwhile"
                role="alert"
              >
                <Stack gap="xs" align="flex-start">
                  <Text size="sm">
                    Nothing was saved. Loading the latest takes the place of what you typed.
                  </Text>
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => {
                      setStale(false)
                      form.resetForm()
                      onReload()
                    }}
                  >
                    Load the latest
                  </Button>
                </Stack>
              </Alert>
            )}
            {failure !== null && (
              <Alert color="red" icon={<IconAlertCircle />} role="alert">
                {failure}
              </Alert>
            )}
            <Card withBorder padding="lg" component="section" aria-labelledby="sign-in-section">
              <Title order={2} size="h5" mb="md" id="sign-in-section">
                Sign-in
              </Title>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
                <FormTextField
                  name="login"
                  label="Login"
                  type="email"
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  readOnly={!user.viewerCanChangeLogin}
                  description={
                    user.viewerCanUpdate && !user.viewerCanChangeLogin
                      ? 'Only an administrator can change it.'
                      : undefined
                  }
                />
                <PasswordRow user={user} pencil={pencil} onChangePassword={onChangePassword} />
              </SimpleGrid>
            </Card>
            <Card withBorder padding="lg" component="section" aria-labelledby="person-section">
              <Title order={2} size="h5" mb="md" id="person-section">
                Person
              </Title>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
                <FormTextField
                  name="firstName"
                  label="First name"
                  autoComplete="off"
                  readOnly={readOnly}
                />
                <FormTextField
                  name="lastName"
                  label="Last name"
                  autoComplete="off"
                  readOnly={readOnly}
                />
                <FormTextField
                  name="phone"
                  label="Phone"
                  type="tel"
                  autoComplete="off"
                  readOnly={readOnly}
                />
                <Select
                  label="Language"
                  id="language"
                  data={languageOptions(user.language)}
                  value={form.values.language}
                  onChange={value => void form.setFieldValue('language', value ?? user.language)}
                  error={form.touched.language ? form.errors.language : undefined}
                  readOnly={readOnly}
                  allowDeselect={false}
                />
              </SimpleGrid>
            </Card>
            <Group justify="space-between" gap="lg">
              <Facts user={user} />
              {!readOnly && (
                <Group gap="sm" ml="auto">
                  <Button
                    variant="default"
                    disabled={!form.dirty || form.isSubmitting}
                    onClick={() => form.resetForm()}
                  >
                    Discard
                  </Button>
                  <Button type="submit" disabled={!form.dirty} loading={form.isSubmitting}>
                    Save changes
                  </Button>
                </Group>
              )}
            </Group>
          </Stack>
        </Form>
      )}
    </Formik>
  )
}
