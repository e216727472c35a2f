import { useLocale } from '../messages/use-locale'
import { LateCopyButton } from './LateCopyButton'

// The server makes all request IDs, as UUIDs of version 7.
const requestId = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/

/** A button that copies the request ID in a message. Shows nothing if the message has none. */
export const RequestIdCopy = ({ message }: { message: unknown }) => {
  const { t } = useLocale()
  const [id] = (typeof message === 'string' && requestId.exec(message)) || []
  return id === undefined ? null : (
    <LateCopyButton text={id} label={t('failure.copyRequestId')} size="xs" />
  )
}
