import { type MantineBreakpoint, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './ItemList.module.css'

interface Props {
  label: string
  /** The width from which something else, such as a table, shows the same. */
  hiddenFrom?: MantineBreakpoint
  /** `li` elements. */
  children: ReactNode
}

/** A list of cards, one below the other. */
export const ItemList = ({ label, hiddenFrom, children }: Props) => (
  <Stack
    component="ul"
    gap="xs"
    className={classes.list}
    aria-label={label}
    {...(hiddenFrom === undefined ? {} : { hiddenFrom })}
  >
    {children}
  </Stack>
)
