import { graphql } from '../gql'

/** The deadline of the signed-in user's password. */
export const OwnPasswordDeadline = graphql(`
  query OwnPasswordDeadline {
    viewer {
      id
      passwordDeadline {
        at
        remindFrom
        required
      }
    }
  }
`)

/** When a password should be changed because of its age. */
export interface PasswordDeadline {
  readonly at: string
  /** From when the user is reminded. */
  readonly remindFrom: string
  /** Whether the change is required. Otherwise it is recommended. */
  readonly required: boolean
}

/** Whether the time of a deadline has come. */
const hasPassed = ({ at }: PasswordDeadline): boolean => Date.parse(at) <= Date.now()

/** Whether the user can do nothing else before they change the password. */
export const isTooOld = (deadline: PasswordDeadline | null | undefined): boolean =>
  deadline?.required === true && hasPassed(deadline)

/** The message about a deadline of which the user is reminded; null if it is far away. */
export const deadlineMessageOf = (deadline: PasswordDeadline) => {
  if (Date.now() < Date.parse(deadline.remindFrom)) return null
  if (hasPassed(deadline)) {
    return deadline.required ? 'passwords.age.requiredSince' : 'passwords.age.recommendedSince'
  }
  return deadline.required ? 'passwords.age.requiredBy' : 'passwords.age.recommendedBy'
}
