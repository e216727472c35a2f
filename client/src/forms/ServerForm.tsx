import type { FormikErrors, FormikHelpers, FormikProps } from 'formik'
import { type ReactNode, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { type ServerError, showServerErrors } from './server-errors'
import { ValidatedForm } from './ValidatedForm'

interface Props<Values extends object> {
  initialValues: Values
  /** Returns the errors of the entered values, by field. */
  validate?: (values: Values) => FormikErrors<Values>
  /** Sends the values. Returns the errors of the API; empty after success. */
  onSubmit: (values: Values, form: FormikHelpers<Values>) => Promise<readonly ServerError[]>
  /** The message if the answer was lost, so that the action may have been done. */
  lostAnswer?: string
  /** The name of the form for screen readers. */
  label?: string
  /** @param refusal the error that belongs to no field; null if there is none. */
  children: (refusal: string | null, form: FormikProps<Values>) => ReactNode
}

/** A form that shows the errors of the API at their fields. */
export const ServerForm = <Values extends object>({
  onSubmit,
  lostAnswer,
  children,
  ...form
}: Props<Values>) => {
  const { t } = useLocale()
  const [refusal, setRefusal] = useState<string | null>(null)
  const submit = async (values: Values, helpers: FormikHelpers<Values>) => {
    setRefusal(null)
    try {
      const errors = await onSubmit(values, helpers)
      if (errors.length === 0) return
      const [elsewhere] = showServerErrors(errors, values, helpers)
      setRefusal(elsewhere?.message ?? null)
    } catch (problem) {
      setRefusal(describeFailure(t, problem, lostAnswer))
    }
  }
  return (
    <ValidatedForm {...form} onSubmit={submit}>
      {props => children(refusal, props)}
    </ValidatedForm>
  )
}
