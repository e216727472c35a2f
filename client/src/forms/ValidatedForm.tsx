import {
  Form,
  Formik,
  type FormikErrors,
  type FormikHelpers,
  type FormikProps,
  useFormikContext,
} from 'formik'
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react'
import { useLocale } from '../messages/use-locale'
import { focusFirstInvalid } from './server-errors'

/** Writes the errors of the fields in the new language if the language of the screen changes. */
const ErrorsInLanguage = <Values extends object>({
  validate,
}: Required<Pick<Props<Values>, 'validate'>>) => {
  const { tag } = useLocale()
  const { values, setErrors } = useFormikContext<Values>()
  const written = useRef(tag)
  // Those of the API go, because only the API could write them again.
  const write = useEffectEvent(() => setErrors(validate(values)))
  useEffect(() => {
    if (written.current !== tag) write()
    written.current = tag
  }, [tag])
  return null
}

interface Props<Values extends object> {
  initialValues: Values
  /** Returns the errors of the entered values, by field. */
  validate?: (values: Values) => FormikErrors<Values>
  onSubmit: (values: Values, form: FormikHelpers<Values>) => Promise<void>
  /** The name of the form for screen readers. */
  label?: string
  children: (form: FormikProps<Values>) => ReactNode
}

/** A form that moves the focus to the first invalid field when it is submitted. */
export const ValidatedForm = <Values extends object>({
  initialValues,
  validate = () => ({}),
  onSubmit,
  label,
  children,
}: Props<Values>) => (
  <Formik<Values>
    initialValues={initialValues}
    validate={validate}
    // Validation on blur would remove the errors that the API has just returned.
    validateOnBlur={false}
    onSubmit={onSubmit}
  >
    {form => (
      <Form
        noValidate
        aria-label={label}
        onSubmit={event => {
          focusFirstInvalid(form.values, validate(form.values))
          form.handleSubmit(event)
        }}
      >
        <ErrorsInLanguage validate={validate} />
        {children(form)}
      </Form>
    )}
  </Formik>
)
