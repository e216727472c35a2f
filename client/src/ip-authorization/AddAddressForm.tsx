import { useMutation } from '@apollo/client/react'
import { Button, Stack } from '@mantine/core'
import { FormTextField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { RefusalAlert } from '../forms/RefusalAlert'
import { ServerForm } from '../forms/ServerForm'
import { focusField } from '../forms/server-errors'
import { graphql } from '../gql'
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

const validate = ({ range }: typeof empty) =>
  range.trim() === '' ? { range: 'Enter an address or a range.' } : {}

interface Props {
  /** The user's own address while no range covers it, which a click enters. */
  suggestion: string | null
  onAdded: () => void
}

/** Adds an address or a range to the list. */
export const AddAddressForm = ({ suggestion, onAdded }: Props) => {
  const [add] = useMutation(AddAllowedAddress)
  return (
    <ServerForm
      initialValues={empty}
      validate={validate}
      label="Add an allowed address"
      onSubmit={async (values, form) => {
        const input = { range: values.range.trim(), label: values.label }
        const { data } = await add({ variables: { input } })
        const errors = data?.addAllowedAddress.errors ?? []
        if (errors.length === 0) {
          notifySuccess(`${data?.addAllowedAddress.allowedAddress?.range} added`)
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
              label="Address or range"
              placeholder="203.0.113.0/24"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={100}
            />
            <FormTextField
              name="label"
              label="Note"
              placeholder="Head office"
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
              Add
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
              Put in my present address
            </Button>
          )}
        </Stack>
      )}
    </ServerForm>
  )
}
