const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

const inWords = (at: Date): string => {
  const seconds = (at.getTime() - Date.now()) / 1000
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  }
  return 'just now'
}

/** A point in time as people say it; the full date on hover. */
export const TimeAgo = ({
  at,
  never = 'Never',
}: {
  at: string | null | undefined
  never?: string
}) => {
  if (at == null) return never
  const date = new Date(at)
  return (
    <time dateTime={at} title={absolute.format(date)} style={{ whiteSpace: 'nowrap' }}>
      {inWords(date)}
    </time>
  )
}
