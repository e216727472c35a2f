import { useQuery } from '@apollo/client/react'
import { Alert, Anchor } from '@mantine/core'
import { IconMailExclamation } from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'
import { TimeAgo } from '../users/TimeAgo'
import { MailDelivery } from './mail-delivery'

const lookEveryMs = 5 * 60 * 1000
const page = '/account/settings/mail'

/**
 * Warns administrators on every page if mails do not leave. The page of the mail settings shows
 * details.
 */
export const MailBanner = () => {
  const { pathname } = useLocation()
  const { data } = useQuery(MailDelivery, {
    pollInterval: lookEveryMs,
    refetchOn: { windowFocus: true },
  })
  const delivery = data?.mailDelivery
  if (delivery?.problem == null || pathname === page) return null
  return (
    <Alert
      color="yellow"
      icon={<IconMailExclamation aria-hidden />}
      title={
        delivery.problem === 'NOT_LEAVING' ? 'Mail does not go out' : 'A mail was not delivered'
      }
      mb="lg"
    >
      {delivery.problem === 'NOT_LEAVING' ? (
        <>
          The oldest mail was queued <TimeAgo at={delivery.waitingSince} />.{' '}
        </>
      ) : (
        'It failed in the last 24 hours. '
      )}
      <Anchor component={Link} to={page} size="sm" fw={500}>
        Open the mail settings
      </Anchor>
    </Alert>
  )
}
