import { useFormikContext } from 'formik'
import { useEffect } from 'react'

interface Props<Values> {
  /** The values as they are saved. */
  saved: Values
  isSame: (one: Values, other: Values) => boolean
}

/** Shows what another administrator saved, unless something was changed here. */
export const FollowSaved = <Values extends object>({ saved, isSame }: Props<Values>) => {
  const { dirty, isSubmitting, initialValues, resetForm } = useFormikContext<Values>()
  useEffect(() => {
    if (!isSame(initialValues, saved) && !dirty && !isSubmitting) resetForm({ values: saved })
  }, [saved, isSame, dirty, isSubmitting, initialValues, resetForm])
  return null
}
