import {
  PasswordInput,
  type PasswordInputProps,
  Text,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import { useField } from 'formik'
import { type KeyboardEvent, type ReactNode, useState } from 'react'

// The API rejects longer text as a whole. Below it, it says at the field what is wrong.
const maxLength = 1_000

/** What a field shows as wrong: once the person has been there, or tried to submit. */
const useFieldInput = (name: string) => {
  const [input, meta] = useField<string>(name)
  return { ...input, error: meta.touched && meta.error !== undefined ? meta.error : null }
}

/** A line of text bound to its place in the form; label, hint and error are tied to it. */
export const FormTextField = ({ name, ...props }: TextInputProps & { name: string }) => (
  <TextInput maxLength={maxLength} {...useFieldInput(name)} {...props} id={name} />
)

/** A password bound to its place in the form, with a button that shows it and a hint at Caps Lock. */
export const FormPasswordField = ({
  name,
  label,
  errorDetail,
  ...props
}: PasswordInputProps & {
  name: string
  label: string
  /** What is told with its error. */
  errorDetail?: ReactNode
}) => {
  const field = useFieldInput(name)
  const [capsLock, setCapsLock] = useState(false)
  const watchCapsLock = (event: KeyboardEvent<HTMLInputElement>) =>
    setCapsLock(event.getModifierState('CapsLock'))
  return (
    <PasswordInput
      maxLength={maxLength}
      {...field}
      // Mantine says it of other fields by itself.
      aria-invalid={field.error !== null}
      error={
        field.error === null ? null : (
          <>
            {field.error}
            {errorDetail}
          </>
        )
      }
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
      inputContainer={input => (
        <>
          {input}
          <div role="status">
            {capsLock && (
              <Text size="xs" mt={4} c="dimmed">
                Caps Lock is on.
              </Text>
            )}
          </div>
        </>
      )}
      onKeyDown={watchCapsLock}
      onKeyUp={watchCapsLock}
      {...props}
      onBlur={event => {
        setCapsLock(false)
        field.onBlur(event)
      }}
    />
  )
}
