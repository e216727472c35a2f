import { useLocale } from '../messages/use-locale'

/** Shows a time relative to now, with the full date on hover. */
export const TimeAgo = ({
  at,
  never,
}: {
  at: string | null | undefined
  /** The text if there is no time. */
  never?: string
}) => {
  const { t, formatMoment, formatTimeAgo } = useLocale()
  if (at == null) return never ?? t('users.timeAgo.never')
  return (
    <time dateTime={at} title={formatMoment(at)} style={{ whiteSpace: 'nowrap' }}>
      {formatTimeAgo(at)}
    </time>
  )
}
