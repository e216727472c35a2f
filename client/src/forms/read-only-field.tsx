import { IconLock } from '@tabler/icons-react'

/**
 * For a field that is there to be read: it looks so, and can hold the focus all the same,
 * for those who copy from it.
 */
export const readOnlyField = {
  readOnly: true,
  variant: 'filled',
  rightSection: <IconLock size={16} aria-hidden />,
} as const
