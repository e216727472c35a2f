import { Alert } from '@mantine/core'
import { IconWifiOff } from '@tabler/icons-react'
import { useLocale } from '../messages/use-locale'
import { isOffline, useIsUnreachable } from '../ui/connection'
import classes from './ConnectionBanner.module.css'

/** Shows on every page that Rekey cannot be reached, until it can. */
export const ConnectionBanner = () => {
  const { t } = useLocale()
  const isUnreachable = useIsUnreachable()
  return (
    // Announced, because the live region exists before its text.
    <div role="status" className={classes.banner}>
      {isUnreachable && (
        <Alert
          color="yellow"
          variant="filled"
          autoContrast
          icon={<IconWifiOff aria-hidden />}
          mb="md"
        >
          {t(isOffline() ? 'app.connection.offline' : 'app.connection.unreachable')}
        </Alert>
      )}
    </div>
  )
}
