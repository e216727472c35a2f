import type { FormikErrors, FormikHelpers, FormikTouched } from 'formik'

/** An error of the API that may belong to a field. */
export interface ServerError {
  readonly message: string
  readonly path: readonly string[]
}

/**
 * Moves the focus to a field of a form by its name.
 *
 * @param reenter whether a password in the field must be entered again.
 */
export const focusField = (name: string, reenter = false): void => {
  // After React has rendered the error, so that screen readers announce it with the field.
  setTimeout(() => {
    // A dialog is after the page below it, which may have a field of the same name.
    const fields = document.querySelectorAll<HTMLInputElement>(`[id=${JSON.stringify(name)}]`)
    const field = fields[fields.length - 1]
    field?.focus()
    // The field may have had the focus already, but out of view. In the middle of the screen
    // its error is visible too.
    field?.scrollIntoView({ block: 'center' })
    // Otherwise new text would be added to characters that the user cannot see.
    if (reenter && field?.autocomplete?.endsWith('password')) field.select()
  }, 0)
}

/**
 * Moves the focus to the first field, in the form's order, that has an error.
 *
 * @param reenter whether a password in the field must be entered again.
 */
export const focusFirstInvalid = (values: object, errors: object, reenter = false): void => {
  const first = Object.keys(values).find(name => name in errors)
  if (first !== undefined) focusField(first, reenter)
}

/**
 * Shows the errors of the API at their fields and moves the focus to the first of them.
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
