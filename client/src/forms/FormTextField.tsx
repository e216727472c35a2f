import {
  PasswordInput,
  type PasswordInputProps,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import { useField } from 'formik'

/** What a field shows as wrong: once the person has been there, or tried to submit. */
const useFieldInput = (name: string) => {
  const [input, meta] = useField<string>(name)
  return { ...input, error: meta.touched && meta.error !== undefined ? meta.error : null }
}

/** A line of text bound to its place in the form; label, hint and error are tied to it. */
export const FormTextField = ({ name, ...props }: TextInputProps & { name: string }) => (
  <TextInput {...useFieldInput(name)} {...props} id={name} />
)

/** A password bound to its place in the form, with a button that shows it. */
export const FormPasswordField = ({
  name,
  label,
  ...props
}: PasswordInputProps & { name: string; label: string }) => (
  <PasswordInput
    {...useFieldInput(name)}
    id={name}
    label={label}
    spellCheck={false}
    autoCapitalize="none"
    autoCorrect="off"
    visibilityToggleButtonProps={{
      // Without the field's name in it: two controls would answer to one label.
      'aria-label': 'Show characters',
      tabIndex: 0,
    }}
    {...props}
  />
)
