import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Why something was not done; nothing while there is no failure. */
export const FailureAlert = ({ failure }: { failure: ReactNode }) =>
  failure !== null && (
    <Alert color="red" icon={<IconAlertCircle />} role="alert">
      {failure}
    </Alert>
  )
