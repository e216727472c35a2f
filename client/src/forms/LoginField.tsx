import { Button, type TextInputProps } from '@mantine/core'
import { withoutInvisible } from '@rekey/shared/login'
import { useField } from 'formik'
import { FormTextField } from './FormTextField'
import { focusField } from './server-errors'

/**
 * A login field bound to a value of the form. If the server rejected the login because of an
 * invisible character, a button enters the login without it.
 *
 * Its type is not `email`: browsers would convert a Unicode domain to Punycode, and reject
 * characters outside ASCII before the @.
 */
export const LoginField = ({ name, ...props }: TextInputProps & { name: string }) => {
  const [{ value }, { error, touched }, { setValue }] = useField<string>(name)
  const offered = withoutInvisible(value)
  const isOffered =
    touched && offered !== '' && offered !== value.trim() && error?.includes(offered) === true
  return (
    <div>
      <FormTextField
        name={name}
        label="Login"
        type="text"
        inputMode="email"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...props}
      />
      {isOffered && (
        <Button
          mt="xs"
          size="xs"
          variant="default"
          onClick={() => {
            void setValue(offered)
            focusField(name)
          }}
        >
          Use {offered}
        </Button>
      )}
    </div>
  )
}
