import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { RequestIdCopy } from './RequestIdCopy'
import { useInLanguage } from './use-in-language'

/** Shows why an action failed. Shows nothing if there is no failure. */
export const FailureAlert = ({ failure }: { failure: ReactNode }) => {
  const text = useInLanguage(typeof failure === 'string' ? failure : null)
  const shown = typeof failure === 'string' ? text : failure
  return (
    shown !== null && (
      <Alert color="red" icon={<IconAlertCircle />} role="alert">
        {shown}
        <RequestIdCopy message={shown} />
      </Alert>
    )
  )
}
