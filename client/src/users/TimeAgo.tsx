import { formatMoment, formatTimeAgo } from '../ui/formats'

/** Shows a time relative to now, with the full date on hover. */
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
