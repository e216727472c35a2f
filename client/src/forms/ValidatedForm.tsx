import { Form, Formik, type FormikErrors, type FormikHelpers, type FormikProps } from 'formik'
import type { ReactNode } from 'react'
import { focusFirstInvalid } from './server-errors'

interface Props<Values extends object> {
  initialValues: Values
  /** What is wrong with what was typed, by its field. */
  validate?: (values: Values) => FormikErrors<Values>
  onSubmit: (values: Values, form: FormikHelpers<Values>) => Promise<void>
  /** What the form is called for those who don't see it. */
  label?: string
  children: (form: FormikProps<Values>) => ReactNode
}

/** A form that moves the focus to the first field that is wrong when it is submitted. */
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
    // Judging anew as the focus moves on would wipe out what the API has just said.
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
