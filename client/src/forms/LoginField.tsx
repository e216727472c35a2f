import { Button, type TextInputProps } from '@mantine/core'
import { withoutInvisible } from '@rekey/shared/login'
import { useField } from 'formik'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { leftToRight } from '../ui/left-to-right'
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
  const { t } = useLocale()
  const [{ value }, { error, touched }, { setValue }] = useField<string>(name)
  const offered = withoutInvisible(value)
  const isOffered =
    touched && offered !== '' && offered !== value.trim() && error?.includes(offered) === true
  return (
    <div>
      <FormTextField
        name={name}
        label={t('forms.login.label')}
        type="text"
        inputMode="email"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...leftToRight}
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
          <Message id="forms.login.use" values={{ login: <bdi>{offered}</bdi> }} />
        </Button>
      )}
    </div>
  )
}
