import { Skeleton, Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useLocale } from '../messages/use-locale'
import table from '../ui/table.module.css'
import { HomeCard } from './HomeCard'
import classes from './home.module.css'
import type { SignInDay } from './SignInsChart'

const SignInsChart = lazy(() =>
  import('./SignInsChart').then(chart => ({ default: chart.SignInsChart })),
)

/** The sign-ins of the last days as a chart, and the same numbers as a table. */
export const SignInsCard = ({ days }: { days: readonly SignInDay[] }) => {
  const { t, formatDate, formatNumber } = useLocale()
  const sum = (name: 'succeeded' | 'failed') => days.reduce((all, day) => all + day[name], 0)
  const [succeeded, failed] = [sum('succeeded'), sum('failed')]
  const newestFirst = [...days].reverse()
  return (
    <HomeCard
      title={t('home.signIns.title')}
      link={{ to: '/account/operations?action=LOG_IN', label: t('home.signIns.all') }}
    >
      {succeeded + failed === 0 ? (
        <Text size="sm" c="dimmed">
          {t('home.signIns.empty')}
        </Text>
      ) : (
        <>
          <Suspense fallback={<Skeleton height="16.5rem" />}>
            <SignInsChart
              days={days}
              summary={t('home.signIns.summary', { count: succeeded, failed })}
            />
          </Suspense>
          <details className={classes.table}>
            <summary>{t('home.signIns.table')}</summary>
            <section
              className={classes.scroll}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it.
              tabIndex={0}
              aria-label={t('home.signIns.tableLabel')}
            >
              <table className={table.table}>
                <thead>
                  <tr>
                    <th scope="col">{t('home.signIns.day')}</th>
                    <th scope="col">{t('home.signIns.succeeded')}</th>
                    <th scope="col">{t('home.signIns.failed')}</th>
                  </tr>
                </thead>
                <tbody>
                  {newestFirst.map(day => (
                    <tr key={day.date}>
                      <td>
                        <time dateTime={day.date}>{formatDate(day.date)}</time>
                      </td>
                      <td>{formatNumber(day.succeeded)}</td>
                      <td>{formatNumber(day.failed)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </details>
        </>
      )}
    </HomeCard>
  )
}
