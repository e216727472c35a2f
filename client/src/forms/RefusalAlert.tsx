import { Alert, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useLocale } from '../messages/use-locale'
import { RequestIdCopy } from '../ui/RequestIdCopy'
import { useInLanguage } from '../ui/use-in-language'
import { focusField } from './server-errors'
import { clockOf } from './use-countdown'

interface Props {
  /** Why the action was rejected; null if it was not. */
  refusal: string | null
  /** The seconds until another attempt is possible. */
  waitSeconds: number
  /**
   * The field to enter again. It takes the focus instead of the alert, which screen readers still
   * announce.
   */
  field?: string | undefined
}

/** Shows why an action was rejected and how long to wait. Takes the focus when it appears. */
export const RefusalAlert = ({ refusal, waitSeconds, field }: Props) => {
  const { t } = useLocale()
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (refusal === null) return
    if (field === undefined) alert.current?.focus()
    else focusField(field)
  }, [refusal, field])
  const shown = useInLanguage(refusal)
  return refusal === null || (shown === null && waitSeconds === 0) ? null : (
    <Alert ref={alert} color="red" icon={<IconAlertCircle />} role="alert" tabIndex={-1}>
      {shown}
      <RequestIdCopy message={shown} />
      {waitSeconds > 0 && (
        <Text size="sm" mt={4} aria-hidden>
          {t('forms.refusal.wait', { time: clockOf(waitSeconds) })}
        </Text>
      )}
    </Alert>
  )
}
