import { Button, type TextInputProps } from '@mantine/core'
import { withoutInvisible } from '@rekey/shared/login'
import { useField } from 'formik'
import { FormTextField } from './FormTextField'
import { focusField } from './server-errors'

/**
 * A login bound to its place in the form. If the server refused it for a character that nobody can
 * see and offers a login without it, a button takes that over.
 *
 * Its type is not `email`: browsers turn a domain in Unicode into Punycode there, and refuse what
 * comes before the @ beyond ASCII.
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
