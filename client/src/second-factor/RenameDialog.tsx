import { useMutation } from '@apollo/client/react'
import { Stack } from '@mantine/core'
import { FormButtons } from '../forms/FormButtons'
import { FormTextField } from '../forms/FormTextField'
import { RefusalAlert } from '../forms/RefusalAlert'
import { ServerForm } from '../forms/ServerForm'
import { graphql } from '../gql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { Dialog } from '../ui/Dialog'

const RenameSecondFactor = graphql(`
  mutation RenameSecondFactor($input: RenameSecondFactorInput!) {
    renameSecondFactor(input: $input) {
      factor {
        id
        name
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

interface Props {
  /** The second factor to rename; null until one was chosen. */
  factor: { readonly id: string; readonly name?: string | null } | null
  opened: boolean
  onClose: () => void
}

const validate =
  (t: Translate) =>
  ({ name }: { name: string }) =>
    name.trim() === '' ? { name: t('second-factor.name.missing') } : {}

/** The form that renames a second factor. */
export const RenameDialog = ({ factor, opened, onClose }: Props) => {
  const { t } = useLocale()
  const [rename] = useMutation(RenameSecondFactor)
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={t('second-factor.rename.title', { name: factor?.name ?? '' })}
    >
      <ServerForm
        initialValues={{ name: factor?.name ?? '' }}
        validate={validate(t)}
        onSubmit={async ({ name }) => {
          if (factor === null) return []
          const { data } = await rename({ variables: { input: { id: factor.id, name } } })
          const errors = data?.renameSecondFactor.errors ?? []
          if (errors.length === 0) onClose()
          return errors
        }}
      >
        {refusal => (
          <Stack gap="md">
            <RefusalAlert refusal={refusal} waitSeconds={0} />
            <FormTextField
              name="name"
              label={t('second-factor.name.label')}
              autoComplete="off"
              maxLength={60}
              data-autofocus
            />
            <FormButtons submit={t('second-factor.rename.submit')} onCancel={onClose} />
          </Stack>
        )}
      </ServerForm>
    </Dialog>
  )
}
