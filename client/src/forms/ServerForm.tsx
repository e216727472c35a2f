import type { FormikErrors, FormikHelpers, FormikProps } from 'formik'
import { type ReactNode, useState } from 'react'
import { describeFailure } from '../ui/describe-failure'
import { type ServerError, showServerErrors } from './server-errors'
import { ValidatedForm } from './ValidatedForm'

interface Props<Values extends object> {
  initialValues: Values
  /** What is wrong with what was typed, by its field. */
  validate?: (values: Values) => FormikErrors<Values>
  /** Sends it; gives what the API says against it, and nothing when it went well. */
  onSubmit: (values: Values, form: FormikHelpers<Values>) => Promise<readonly ServerError[]>
  /** What to tell if the answer was lost, so that it may have been done. */
  lostAnswer?: string
  /** What the form is called for those who don't see it. */
  label?: string
  /** @param refusal why it was not done, where that belongs to no field; null when it was. */
  children: (refusal: string | null, form: FormikProps<Values>) => ReactNode
}

/** A form that puts what the API says against it onto the fields it is about. */
export const ServerForm = <Values extends object>({
  onSubmit,
  lostAnswer,
  children,
  ...form
}: Props<Values>) => {
  const [refusal, setRefusal] = useState<string | null>(null)
  const submit = async (values: Values, helpers: FormikHelpers<Values>) => {
    setRefusal(null)
    try {
      const errors = await onSubmit(values, helpers)
      if (errors.length === 0) return
      const [elsewhere] = showServerErrors(errors, values, helpers)
      setRefusal(elsewhere?.message ?? null)
    } catch (problem) {
      setRefusal(describeFailure(problem, lostAnswer))
    }
  }
  return (
    <ValidatedForm {...form} onSubmit={submit}>
      {props => children(refusal, props)}
    </ValidatedForm>
  )
}
