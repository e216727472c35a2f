import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Shows why an action failed. Shows nothing if there is no failure. */
export const FailureAlert = ({ failure }: { failure: ReactNode }) =>
  failure !== null && (
    <Alert color="red" icon={<IconAlertCircle />} role="alert">
      {failure}
    </Alert>
  )
