import { useQuery } from '@apollo/client/react'
import { Alert, Anchor } from '@mantine/core'
import { IconClockExclamation } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useLocale } from '../messages/use-locale'
import { deadlineMessageOf, OwnPasswordDeadline } from './password-deadline'

/** Reminds users on every page that their password is too old, or will soon be. */
export const PasswordAgeBanner = () => {
  const { t, formatMoment } = useLocale()
  const { data } = useQuery(OwnPasswordDeadline, { refetchOn: { windowFocus: true } })
  const deadline = data?.viewer?.passwordDeadline
  const message = deadline == null ? null : deadlineMessageOf(deadline)
  if (deadline == null || message === null) return null
  return (
    <Alert
      color="yellow"
      icon={<IconClockExclamation aria-hidden />}
      title={t('passwords.ageBanner.title')}
      mb="lg"
    >
      {t(message, { moment: formatMoment(deadline.at) })}{' '}
      <Anchor component={Link} to="/account/change-password" size="sm" fw={500}>
        {t('passwords.row.change')}
      </Anchor>
    </Alert>
  )
}
