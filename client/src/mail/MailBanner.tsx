import { useQuery } from '@apollo/client/react'
import { Alert, Anchor } from '@mantine/core'
import { IconMailExclamation } from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { TimeAgo } from '../users/TimeAgo'
import { MailDelivery } from './mail-delivery'

const lookEveryMs = 5 * 60 * 1000
const page = '/account/settings/mail'

/**
 * Warns administrators on every page if mails do not leave. The page of the mail settings shows
 * details.
 */
export const MailBanner = () => {
  const { t } = useLocale()
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
        delivery.problem === 'NOT_LEAVING' ? t('mail.banner.notLeaving') : t('mail.banner.failed')
      }
      mb="lg"
    >
      {delivery.problem === 'NOT_LEAVING' ? (
        <Message
          id="mail.banner.oldest"
          values={{ time: <TimeAgo at={delivery.waitingSince} /> }}
        />
      ) : (
        t('mail.banner.failedRecently')
      )}{' '}
      <Anchor component={Link} to={page} size="sm" fw={500}>
        {t('mail.banner.open')}
      </Anchor>
    </Alert>
  )
}
