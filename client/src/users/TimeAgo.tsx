import { useLocale } from '../messages/use-locale'
import { ExactTime } from '../ui/ExactTime'

/** Shows a time relative to now. Pointer, tap and focus show the exact time. */
export const TimeAgo = ({
  at,
  never,
}: {
  at: string | null | undefined
  /** The text if there is no time. */
  never?: string
}) => {
  const { t, formatTimeAgo } = useLocale()
  if (at == null) return never ?? t('users.timeAgo.never')
  return <ExactTime at={at}>{formatTimeAgo(at) ?? t('users.timeAgo.justNow')}</ExactTime>
}
