import {
  PasswordInput,
  type PasswordInputProps,
  Text,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import { useField } from 'formik'
import { type FocusEvent, type KeyboardEvent, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { afterPress } from './after-press'

// The API rejects the whole request if a text is longer. For a shorter one it reports the error
// at the field.
const maxLength = 1_000

/** The error of a field. It is shown after the user has left the field or tried to submit. */
const useFieldInput = (name: string) => {
  const [input, meta] = useField<string>(name)
  return {
    ...input,
    onBlur: (event: FocusEvent<HTMLInputElement>) => afterPress(() => input.onBlur(event)),
    error: meta.touched && meta.error !== undefined ? meta.error : null,
  }
}

/** A text field bound to a value of the form, with its label, hint and error. */
export const FormTextField = ({ name, ...props }: TextInputProps & { name: string }) => (
  <TextInput maxLength={maxLength} {...useFieldInput(name)} {...props} id={name} />
)

/**
 * A password field bound to a value of the form, with a button that shows the password and a hint
 * if Caps Lock is on.
 */
export const FormPasswordField = ({
  name,
  label,
  ...props
}: PasswordInputProps & {
  name: string
  label: string
}) => {
  const { t } = useLocale()
  const field = useFieldInput(name)
  const [capsLock, setCapsLock] = useState(false)
  const watchCapsLock = (event: KeyboardEvent<HTMLInputElement>) =>
    setCapsLock(event.getModifierState('CapsLock'))
  return (
    <PasswordInput
      maxLength={maxLength}
      {...field}
      // Mantine sets this for other fields by itself.
      aria-invalid={field.error !== null}
      id={name}
      label={label}
      spellCheck={false}
      autoCapitalize="none"
      autoCorrect="off"
      visibilityToggleButtonProps={{
        'aria-label': t('forms.password.show', { field: label }),
        tabIndex: 0,
      }}
      inputContainer={input => (
        <>
          {input}
          <div role="status">
            {capsLock && (
              <Text size="xs" mt={4} c="dimmed">
                {t('forms.password.capsLock')}
              </Text>
            )}
          </div>
        </>
      )}
      onKeyDown={watchCapsLock}
      onKeyUp={watchCapsLock}
      {...props}
      onBlur={event => {
        afterPress(() => setCapsLock(false))
        field.onBlur(event)
      }}
    />
  )
}
