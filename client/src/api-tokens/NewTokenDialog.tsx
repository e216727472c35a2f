import { useApolloClient, useQuery } from '@apollo/client/react'
import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Form, Formik, type FormikHelpers, type FormikProps } from 'formik'
import { useState } from 'react'
import { FormTextField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { RefusalAlert } from '../forms/RefusalAlert'
import { focusFirstInvalid, showServerErrors } from '../forms/server-errors'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { useViewer, Viewer } from '../sessions/use-viewer'
import { SecuritySettings } from '../settings/security-settings'
import { Dialog } from '../ui/Dialog'
import { describeFailure } from '../ui/describe-failure'
import { TokenPermissions } from './TokenPermissions'
import {
  allowedExpiries,
  blankTokenWithin,
  choosableDays,
  type Expiry,
  expiresAt,
  expiryInWords,
  fieldOf,
  greatestDays,
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

interface ExpiryProps {
  form: FormikProps<TokenValues>
  /** The maximum lifetime in days. */
  maxDays: number
}

const ExpiryFields = ({ form, maxDays }: ExpiryProps) => {
  const { t, formatMoment } = useLocale()
  const { expiry } = form.values
  const now = new Date()
  const end = expiresAt(form.values, now)
  const ends =
    end === null ? undefined : t('api-tokens.form.expiresOn', { moment: formatMoment(end) })
  const { first, last } = choosableDays(now, maxDays)
  return (
    <Group align="flex-start" gap="md" grow preventGrowOverflow={false}>
      <Select
        id="expiry"
        label={t('api-tokens.form.expiry')}
        description={expiry === 'DATE' ? t('api-tokens.form.endOfDay') : ends}
        data={allowedExpiries(maxDays).map(value => ({ value, label: expiryInWords(t, value) }))}
        value={expiry}
        onChange={chosen => chosen !== null && void form.setFieldValue('expiry', chosen as Expiry)}
        error={form.touched.expiry ? form.errors.expiry : undefined}
        allowDeselect={false}
        miw="min(13.75rem, 100%)"
      />
      {expiry === 'DATE' && (
        <FormTextField
          name="lastDay"
          label={t('api-tokens.form.lastDay')}
          description={ends ?? t('api-tokens.form.lastDayHint', { days: maxDays - 1 })}
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
  const { t } = useLocale()
  const phone = useMediaQuery('(max-width: 36em)', undefined, { getInitialValueInEffect: false })
  const client = useApolloClient()
  const { viewer } = useViewer()
  const [refusal, setRefusal] = useState<string | null>(null)
  const { data: security } = useQuery(SecuritySettings, {
    fetchPolicy: 'cache-and-network',
    skip: !opened,
  })
  const maxDays = security?.securitySettings.apiTokenMaxDays ?? greatestDays
  const held = viewer?.permissions ?? []
  const validate = (values: TokenValues) => tokenErrors(t, values, new Date(), maxDays)

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
      setRefusal(describeFailure(t, problem))
    }
  }

  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setRefusal(null)}
      closeOnClickOutside={false}
      fullScreen={phone ?? false}
      size={600}
      padding="lg"
      title={t('api-tokens.form.title')}
    >
      <Formik<TokenValues>
        initialValues={blankTokenWithin(maxDays)}
        // The maximum lifetime may arrive later.
        enableReinitialize
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
                {t('api-tokens.form.warning')}
              </Text>
              <RefusalAlert refusal={refusal} waitSeconds={0} />
              <FormTextField
                name="name"
                label={t('api-tokens.form.name')}
                description={t('api-tokens.form.nameHint')}
                maxLength={maxNameLength}
                autoComplete="off"
                data-autofocus
              />
              <ExpiryFields form={form} maxDays={maxDays} />
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
                  {t('ui.button.cancel')}
                </Button>
                <Button type="submit" loading={form.isSubmitting} {...keepFocus}>
                  {t('api-tokens.form.create')}
                </Button>
              </Group>
            </Stack>
          </Form>
        )}
      </Formik>
    </Dialog>
  )
}
