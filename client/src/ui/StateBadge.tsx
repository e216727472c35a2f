import type { ReactNode } from 'react'
import classes from './StateBadge.module.css'

interface Props {
  state: 'good' | 'waiting' | 'warning' | 'bad' | 'off'
  children: ReactNode
}

/** Shows a state. The word has the meaning, the colour only supports it. */
export const StateBadge = ({ state, children }: Props) => (
  <span className={classes.badge} data-state={state}>
    {children}
  </span>
)
