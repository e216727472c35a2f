import { Button, Group } from '@mantine/core'
import { useFormikContext } from 'formik'
import { keepFocus } from './keep-focus'

interface Props {
  /** The word on the button that does it. */
  submit: string
  /** The word on the other one. */
  cancel?: string
  /** Whether it takes something away. */
  danger?: boolean
  /** Whether it can't be done as things are. */
  disabled?: boolean
  onCancel: () => void
}

/** The way out of a dialog's form, and the way on. */
export const FormButtons = ({
  submit,
  cancel = 'Cancel',
  danger = false,
  disabled = false,
  onCancel,
}: Props) => {
  const { isSubmitting } = useFormikContext()
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel} {...keepFocus}>
        {cancel}
      </Button>
      <Button
        type="submit"
        {...(danger ? { color: 'red.9' } : {})}
        loading={isSubmitting}
        disabled={disabled}
        {...keepFocus}
      >
        {submit}
      </Button>
    </Group>
  )
}
