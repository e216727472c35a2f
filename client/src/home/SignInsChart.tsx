import { useId } from 'react'
import {
  Bar,
  BarChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts'
import type { HomeFiguresQuery } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import classes from './home.module.css'

/** The sign-ins of one day. */
export type SignInDay = NonNullable<HomeFiguresQuery['home']['signIns']>[number]

interface Props {
  days: readonly SignInDay[]
  /** The chart in a sentence, for screen readers. */
  summary: string
}

const letters = { fill: 'var(--letters)' }

/** Stripes, so that failures differ from sign-ins without colours, too. */
const Stripes = ({ id }: { id: string }) => (
  <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="6" height="6" style={{ fill: 'var(--bar-gap)' }} />
    <rect width="3.5" height="6" style={{ fill: 'var(--bar-failed)' }} />
  </pattern>
)

const Sample = ({ fill, stroke }: { fill: string; stroke: string }) => (
  <svg width="14" height="14" aria-hidden="true">
    <rect x="0.5" y="0.5" width="13" height="13" rx="2" style={{ fill, stroke }} />
  </svg>
)

const Tip = ({ active, payload }: Partial<TooltipContentProps>) => {
  const { t, dir, formatDate } = useLocale()
  const day = payload?.[0]?.payload as SignInDay | undefined
  if (active !== true || day === undefined) return null
  return (
    <div className={classes.tip} dir={dir}>
      <b>{formatDate(day.date)}</b>
      <div>{t('home.signIns.tipSucceeded', { count: day.succeeded })}</div>
      <div>{t('home.signIns.tipFailed', { count: day.failed })}</div>
    </div>
  )
}

/** The sign-ins and failures of the last days as bars. The table beside it has the same numbers. */
export const SignInsChart = ({ days, summary }: Props) => {
  const { t, dir, formatDate, formatNumber } = useLocale()
  const stripes = useId()
  const striped = `url(#${stripes})`
  const isMirrored = dir === 'rtl'
  return (
    <>
      <div className={classes.legend}>
        <span>
          <Sample fill="var(--bar-succeeded)" stroke="var(--bar-succeeded)" />
          {t('home.signIns.succeeded')}
        </span>
        <span>
          <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
            <defs>
              <Stripes id={`${stripes}-legend`} />
            </defs>
          </svg>
          <Sample fill={`url(#${stripes}-legend)`} stroke="var(--bar-failed)" />
          {t('home.signIns.failed')}
        </span>
      </div>
      {/* The library places by left and right, so the axes are mirrored instead of the element. */}
      <div className={classes.chart} role="img" aria-label={summary} dir="ltr">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={[...days]}
            accessibilityLayer={false}
            margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
          >
            <defs>
              <Stripes id={stripes} />
            </defs>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="date"
              tickFormatter={formatDate}
              reversed={isMirrored}
              tick={letters}
              tickLine={false}
              axisLine={{ stroke: 'var(--line)' }}
              minTickGap={16}
            />
            <YAxis
              allowDecimals={false}
              orientation={isMirrored ? 'right' : 'left'}
              tickFormatter={formatNumber}
              tick={letters}
              tickLine={false}
              axisLine={false}
              width="auto"
            />
            <Tooltip
              content={Tip}
              cursor={{ fill: 'var(--line)', opacity: 0.5 }}
              isAnimationActive={false}
            />
            <Bar
              dataKey="succeeded"
              stackId="day"
              fill="var(--bar-succeeded)"
              isAnimationActive={false}
            />
            <Bar
              dataKey="failed"
              stackId="day"
              fill={striped}
              stroke="var(--bar-failed)"
              isAnimationActive={false}
            />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </>
  )
}
