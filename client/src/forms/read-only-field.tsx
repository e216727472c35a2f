import { IconLock } from '@tabler/icons-react'

/**
 * For a field that can only be read. It looks read-only, but can have the focus, so that users can
 * copy from it.
 */
export const readOnlyField = {
  readOnly: true,
  variant: 'filled',
  rightSection: <IconLock size={16} aria-hidden />,
} as const
