import { Alert } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'

/** Why something was not done; nothing while there is no failure. */
export const FailureAlert = ({ failure }: { failure: string | null }) =>
  failure !== null && (
    <Alert color="red" icon={<IconAlertCircle />} role="alert">
      {failure}
    </Alert>
  )
