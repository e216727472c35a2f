import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { RequestIdCopy } from './RequestIdCopy'

/** Shows why an action failed. Shows nothing if there is no failure. */
export const FailureAlert = ({ failure }: { failure: ReactNode }) =>
  failure !== null && (
    <Alert color="red" icon={<IconAlertCircle />} role="alert">
      {failure}
      <RequestIdCopy message={failure} />
    </Alert>
  )
