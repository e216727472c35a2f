import { Button, Group } from '@mantine/core'
import { useFormikContext } from 'formik'
import { useLocale } from '../messages/use-locale'
import { keepFocus } from './keep-focus'

interface Props {
  /** The label of the submit button. */
  submit: string
  /** The label of the cancel button, if it is not “Cancel”. */
  cancel?: string
  /** Whether the action removes something. */
  danger?: boolean
  /** Whether the form cannot be submitted now. */
  disabled?: boolean
  onCancel: () => void
}

/** The buttons that cancel and submit the form of a dialog. */
export const FormButtons = ({
  submit,
  cancel,
  danger = false,
  disabled = false,
  onCancel,
}: Props) => {
  const { t } = useLocale()
  const { isSubmitting } = useFormikContext()
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel} {...keepFocus}>
        {cancel ?? t('ui.button.cancel')}
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
