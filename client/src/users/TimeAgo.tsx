import { formatMoment, formatTimeAgo } from '../ui/formats'

/** A point in time as people say it; the full date on hover. */
export const TimeAgo = ({
  at,
  never = 'Never',
}: {
  at: string | null | undefined
  never?: string
}) => {
  if (at == null) return never
  return (
    <time dateTime={at} title={formatMoment(at)} style={{ whiteSpace: 'nowrap' }}>
      {formatTimeAgo(at)}
    </time>
  )
}
