import { Text, TextInput } from '@mantine/core'
import { readOnlyField } from '../forms/read-only-field'
import { graphql } from '../gql'
import type { OneTimeLinkStatus } from '../gql/graphql'
import type { LiveLink } from '../one-time-links/OneTimeLinkPage'
import { PageTitle } from '../ui/PageTitle'
import { type NewPasswordError, NewPasswordForm } from './NewPasswordForm'

graphql(`
  fragment LinkPasswordErrors on UserError {
    ...NewPasswordErrors
    ... on LinkInvalid {
      status
    }
  }
`)

const empty = { newPassword: '', repeatPassword: '' }

/** What the API says against it; the status when it is that the link has died. */
interface LinkPasswordError extends NewPasswordError {
  readonly status?: OneTimeLinkStatus
}

interface Props {
  link: LiveLink
  /** Whether there was none before. */
  first?: boolean
  title: string
  /** What the page is for. */
  words: string
  labels: { password: string; repeat: string; submit: string }
  /** What to tell if the answer was lost: the password may have been set. */
  lostAnswer: string
  /** Sends it; gives what the API says against it, and nothing when it went well. */
  onSubmit: (newPassword: string) => Promise<readonly LinkPasswordError[]>
}

/** Sets the password of whose link it is. */
export const LinkPasswordForm = ({
  link,
  first = false,
  title,
  words,
  labels,
  lostAnswer,
  onSubmit,
}: Props) => (
  <NewPasswordForm
    initialValues={empty}
    policy={link.policy}
    first={first}
    loginOf={() => link.login}
    knownOf={() => [link.name]}
    labels={labels}
    lostAnswer={lostAnswer}
    onSubmit={async ({ newPassword }) => {
      const errors = await onSubmit(newPassword)
      for (const { status } of errors) if (status !== undefined) link.onDead(status)
      return errors
    }}
  >
    <PageTitle title={title} />
    <Text c="dimmed" size="sm">
      {words}
    </Text>
    {/* Shown, and for password managers: whose password the new one is (HTML, autofill). */}
    <TextInput {...readOnlyField} label="Login" value={link.login} autoComplete="username" />
  </NewPasswordForm>
)
