import { useMutation } from '@apollo/client/react'
import { Button, Stack } from '@mantine/core'
import { FormTextField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { RefusalAlert } from '../forms/RefusalAlert'
import { ServerForm } from '../forms/ServerForm'
import { focusField } from '../forms/server-errors'
import { graphql } from '../gql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { leftToRight } from '../ui/left-to-right'
import { notifySuccess } from '../ui/notify'
import classes from './AddAddressForm.module.css'

const AddAllowedAddress = graphql(`
  mutation AddAllowedAddress($input: AddAllowedAddressInput!) {
    addAllowedAddress(input: $input) {
      allowedAddress {
        id
        range
      }
      errors {
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

const empty = { range: '', label: '' }

const validate =
  (t: Translate) =>
  ({ range }: typeof empty) =>
    range.trim() === '' ? { range: t('ip-authorization.add.rangeMissing') } : {}

interface Props {
  /** The user's own address while no range covers it, which a click enters. */
  suggestion: string | null
  onAdded: () => void
}

/** Adds an address or a range to the list. */
export const AddAddressForm = ({ suggestion, onAdded }: Props) => {
  const { t } = useLocale()
  const [add] = useMutation(AddAllowedAddress)
  return (
    <ServerForm
      initialValues={empty}
      validate={validate(t)}
      label={t('ip-authorization.add.form')}
      onSubmit={async (values, form) => {
        const input = { range: values.range.trim(), label: values.label }
        const { data } = await add({ variables: { input } })
        const { allowedAddress, errors = [] } = data?.addAllowedAddress ?? {}
        if (errors.length === 0) {
          const range = allowedAddress?.range ?? input.range
          notifySuccess(t('ip-authorization.add.done', { range }))
          form.resetForm()
          focusField('range')
          onAdded()
        }
        return errors
      }}
    >
      {(refusal, form) => (
        <Stack gap="xs" align="stretch">
          <RefusalAlert refusal={refusal} waitSeconds={0} />
          <div className={classes.form}>
            <FormTextField
              name="range"
              label={t('ip-authorization.add.range')}
              placeholder="203.0.113.0/24"
              {...leftToRight}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={100}
            />
            <FormTextField
              name="label"
              label={t('ip-authorization.add.note')}
              placeholder={t('ip-authorization.add.notePlaceholder')}
              autoComplete="off"
              maxLength={100}
            />
            <Button
              type="submit"
              variant="default"
              className={classes.add}
              loading={form.isSubmitting}
              {...keepFocus}
            >
              {t('ip-authorization.add.submit')}
            </Button>
          </div>
          {suggestion !== null && form.values.range === '' && (
            <Button
              variant="subtle"
              size="compact-sm"
              style={{ alignSelf: 'flex-start' }}
              onClick={() => {
                void form.setFieldValue('range', suggestion, false)
                focusField('label')
              }}
              {...keepFocus}
            >
              {t('ip-authorization.add.useCurrent')}
            </Button>
          )}
        </Stack>
      )}
    </ServerForm>
  )
}
