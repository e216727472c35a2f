import { Form, Formik, type FormikErrors, type FormikHelpers, type FormikProps } from 'formik'
import type { ReactNode } from 'react'
import { focusFirstInvalid } from './server-errors'

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
        {children(form)}
      </Form>
    )}
  </Formik>
)
