import { type MantineBreakpoint, Stack } from '@mantine/core'
import type { ReactNode, Ref, RefObject } from 'react'
import classes from './ItemList.module.css'

interface Props {
  /** For callers that move the focus to the whole list. */
  ref?: RefObject<HTMLUListElement | null>
  label: string
  /** The width from which another component, such as a table, shows the same data. */
  hiddenFrom?: MantineBreakpoint
  /** `li` elements. */
  children: ReactNode
}

/** A list of cards, one below the other. */
export const ItemList = ({ ref, label, hiddenFrom, children }: Props) => (
  <Stack
    component="ul"
    // The type of Stack always expects a div.
    ref={(ref ?? null) as Ref<HTMLDivElement>}
    {...(ref === undefined ? {} : { tabIndex: -1 })}
    gap="xs"
    className={classes.list}
    aria-label={label}
    {...(hiddenFrom === undefined ? {} : { hiddenFrom })}
  >
    {children}
  </Stack>
)
