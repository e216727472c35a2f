import { Text, TextInput } from '@mantine/core'
import { readOnlyField } from '../forms/read-only-field'
import { graphql } from '../gql'
import type { OneTimeLinkStatus } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import type { LiveLink } from '../one-time-links/OneTimeLinkPage'
import { leftToRight } from '../ui/left-to-right'
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

/** An error of the API; with a status if the link no longer works. */
interface LinkPasswordError extends NewPasswordError {
  readonly status?: OneTimeLinkStatus
}

interface Props {
  link: LiveLink
  /** Whether the user had no password before. */
  first?: boolean
  title: string
  /** The purpose of the page. */
  words: string
  labels: { password: string; repeat: string; submit: string }
  /** The message if the answer was lost, so that the password may have been set. */
  lostAnswer: string
  /** Sends the password. Returns the errors of the API; empty after success. */
  onSubmit: (newPassword: string) => Promise<readonly LinkPasswordError[]>
}

/** Sets the password of the user to whom the link belongs. */
export const LinkPasswordForm = ({
  link,
  first = false,
  title,
  words,
  labels,
  lostAnswer,
  onSubmit,
}: Props) => {
  const { t } = useLocale()
  return (
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
      {/* The login of the new password, also for password managers. */}
      <TextInput
        {...readOnlyField}
        {...leftToRight}
        label={t('forms.login.label')}
        value={link.login}
        autoComplete="username"
      />
    </NewPasswordForm>
  )
}
