import { Outlet, useNavigation } from 'react-router'
import { useLocale } from '../messages/use-locale'
import classes from './NavigationProgress.module.css'

/** All pages, with a thin bar at the top while the next one loads. The old page stays meanwhile. */
export const NavigationProgress = () => {
  const { t } = useLocale()
  const waits = useNavigation().state !== 'idle'
  return (
    <>
      {waits && <div role="progressbar" aria-label={t('app.nextPage')} className={classes.bar} />}
      <Outlet />
    </>
  )
}
