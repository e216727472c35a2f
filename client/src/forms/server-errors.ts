import type { FormikErrors, FormikHelpers, FormikTouched } from 'formik'

/** An error of the API that may belong to a field. */
export interface ServerError {
  readonly message: string
  readonly path: readonly string[]
}

/**
 * Moves the focus to a field of a form by its name.
 *
 * @param anew that a password in it is to be typed anew.
 */
export const focusField = (name: string, anew = false): void => {
  // After React has drawn the error, so that it is read out with the field.
  setTimeout(() => {
    const field = document.getElementById(name) as HTMLInputElement | null
    field?.focus()
    // It may have had the focus all along, out of sight. In the middle its error is seen with it.
    field?.scrollIntoView({ block: 'center' })
    // What is typed would go behind what nobody can see.
    if (anew && field?.autocomplete?.endsWith('password')) field.select()
  }, 0)
}

/**
 * Moves the focus to the first field, in the form's order, that has an error.
 *
 * @param anew that a password in it is to be typed anew.
 */
export const focusFirstInvalid = (values: object, errors: object, anew = false): void => {
  const first = Object.keys(values).find(name => name in errors)
  if (first !== undefined) focusField(first, anew)
}

/**
 * Puts the API's errors onto the fields they belong to and moves the focus to the
 * first of them.
 *
 * @returns the errors that belong to no field of this form.
 */
export const showServerErrors = <Values extends object, Found extends ServerError>(
  errors: readonly Found[],
  values: Values,
  form: Pick<FormikHelpers<Values>, 'setErrors' | 'setTouched'>,
): Found[] => {
  const onFields = errors.filter(error => (error.path[0] ?? '') in values)
  const messages = Object.fromEntries(onFields.map(error => [error.path[0], error.message]))
  const touched = Object.fromEntries(onFields.map(error => [error.path[0], true]))
  form.setTouched(touched as FormikTouched<Values>, false)
  form.setErrors(messages as FormikErrors<Values>)
  focusFirstInvalid(values, messages, true)
  return errors.filter(error => !onFields.includes(error))
}
