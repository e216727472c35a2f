import { Alert, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { focusField } from './server-errors'
import { clockOf } from './use-countdown'

interface Props {
  /** Why it was refused; null when it was not. */
  refusal: string | null
  /** Seconds until another attempt is worth while. */
  waitSeconds: number
  /** The field to be filled in anew, which takes the focus in its place: it is read out all the same. */
  field?: string | undefined
}

/** Why something was refused, and how long to wait; takes the focus when it appears. */
export const RefusalAlert = ({ refusal, waitSeconds, field }: Props) => {
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (refusal === null) return
    if (field === undefined) alert.current?.focus()
    else focusField(field)
  }, [refusal, field])
  return refusal === null ? null : (
    <Alert ref={alert} color="red" icon={<IconAlertCircle />} role="alert" tabIndex={-1}>
      {refusal}
      {waitSeconds > 0 && (
        <Text size="sm" mt={4} aria-hidden>
          You can try again in {clockOf(waitSeconds)}.
        </Text>
      )}
    </Alert>
  )
}
