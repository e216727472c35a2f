import { useApolloClient } from '@apollo/client/react'
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Form, Formik, type FormikHelpers, type FormikProps } from 'formik'
import { useState } from 'react'
import { FormTextField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { RefusalAlert } from '../forms/RefusalAlert'
import { focusFirstInvalid, showServerErrors } from '../forms/server-errors'
import { graphql } from '../gql'
import { useViewer, Viewer } from '../sessions/use-viewer'
import { describeFailure } from '../ui/describe-failure'
import { formatMoment } from '../ui/formats'
import { TokenPermissions } from './TokenPermissions'
import {
  blankToken,
  choosableDays,
  type Expiry,
  expiresAt,
  expiryOptions,
  fieldOf,
  maxNameLength,
  type TokenValues,
  tokenErrors,
  tokenInput,
} from './token-form'

const CreateApiToken = graphql(`
  mutation CreateApiToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      token
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

const ExpiryFields = ({ form }: { form: FormikProps<TokenValues> }) => {
  const { expiry } = form.values
  const now = new Date()
  const end = expiresAt(form.values, now)
  const ends = end === null ? undefined : `Expires on ${formatMoment(end)}.`
  const { first, last } = choosableDays(now)
  return (
    <Group align="flex-start" gap="md" grow preventGrowOverflow={false}>
      <Select
        id="expiry"
        label="Expires after"
        description={expiry === 'DATE' ? 'At the end of the day that you choose.' : ends}
        data={expiryOptions}
        value={expiry}
        onChange={chosen => chosen !== null && void form.setFieldValue('expiry', chosen as Expiry)}
        error={form.touched.expiry ? form.errors.expiry : undefined}
        allowDeselect={false}
        miw="min(13.75rem, 100%)"
      />
      {expiry === 'DATE' && (
        <FormTextField
          name="lastDay"
          label="Last day"
          description={ends ?? 'At most a year from now.'}
          type="date"
          min={first}
          max={last}
          miw="min(13.75rem, 100%)"
        />
      )}
    </Group>
  )
}

interface Props {
  opened: boolean
  onClose: () => void
  /** @param token the new token, which is shown only once. */
  onCreated: (token: string) => void
}

/** The form that creates an API token. */
export const NewTokenDialog = ({ opened, onClose, onCreated }: Props) => {
  const phone = useMediaQuery('(max-width: 36em)', undefined, { getInitialValueInEffect: false })
  const client = useApolloClient()
  const { viewer } = useViewer()
  const [refusal, setRefusal] = useState<string | null>(null)
  const held = viewer?.permissions ?? []
  const validate = (values: TokenValues) => tokenErrors(values, new Date())

  const create = async (values: TokenValues, form: FormikHelpers<TokenValues>) => {
    setRefusal(null)
    const input = tokenInput(values, held, new Date())
    if (input === null) return
    try {
      // No cache and no hook, so that only the dialog holds the token.
      const { data } = await client.mutate({
        mutation: CreateApiToken,
        variables: { input },
        fetchPolicy: 'no-cache',
      })
      const { token, errors = [] } = data?.createApiToken ?? {}
      if (token != null) {
        onCreated(token)
        return
      }
      const own = errors.map(error => ({ ...error, path: fieldOf(error.path, values) }))
      const [elsewhere] = showServerErrors(own, values, form)
      setRefusal(elsewhere?.message ?? null)
      // Remove permissions from the form that the user has lost meanwhile.
      if (errors.some(error => error.__typename === 'PermissionNotHeld')) {
        await client.refetchQueries({ include: [Viewer] })
      }
    } catch (problem) {
      setRefusal(describeFailure(problem))
    }
  }

  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setRefusal(null)}
      closeOnClickOutside={false}
      fullScreen={phone ?? false}
      size={600}
      padding="lg"
      title="New API token"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Formik<TokenValues>
        initialValues={blankToken}
        validate={validate}
        validateOnBlur={false}
        onSubmit={create}
      >
        {form => (
          <Form
            noValidate
            onSubmit={event => {
              focusFirstInvalid(form.values, validate(form.values))
              form.handleSubmit(event)
            }}
          >
            <Stack gap="md">
              <Text size="sm" c="dimmed">
                Anyone who has the token can act as you, within its permissions.
              </Text>
              <RefusalAlert refusal={refusal} waitSeconds={0} />
              <FormTextField
                name="name"
                label="Name"
                description="What uses the token, such as Payroll export."
                maxLength={maxNameLength}
                autoComplete="off"
                data-autofocus
              />
              <ExpiryFields form={form} />
              <TokenPermissions
                held={held}
                chosen={form.values.permissions}
                error={
                  form.touched.permissions === undefined
                    ? undefined
                    : (form.errors.permissions as string | undefined)
                }
                onChange={permissions => void form.setFieldValue('permissions', permissions)}
              />
              <Group justify="flex-end" mt="xs">
                <Button variant="default" onClick={onClose} {...keepFocus}>
                  Cancel
                </Button>
                <Button type="submit" loading={form.isSubmitting} {...keepFocus}>
                  Create token
                </Button>
              </Group>
            </Stack>
          </Form>
        )}
      </Formik>
    </Modal>
  )
}
