import { Alert, Anchor } from '@mantine/core'
import { IconShieldExclamation } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useLocale } from '../messages/use-locale'

/** Shows users without a second factor on every page from when they need one. */
export const RequiredFromBanner = ({ from }: { from: string }) => {
  const { t, formatMoment } = useLocale()
  return (
    <Alert
      color="yellow"
      icon={<IconShieldExclamation aria-hidden />}
      title={t('second-factor.requiredFrom.title')}
      mb="lg"
    >
      {t('second-factor.requiredFrom.text', { moment: formatMoment(from) })}{' '}
      <Anchor component={Link} to="/account/me/security" size="sm" fw={500}>
        {t('second-factor.requiredFrom.link')}
      </Anchor>
    </Alert>
  )
}
