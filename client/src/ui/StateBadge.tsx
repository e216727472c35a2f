import type { ReactNode } from 'react'
import classes from './StateBadge.module.css'

interface Props {
  state: 'good' | 'waiting' | 'warning' | 'bad' | 'off'
  children: ReactNode
}

/** How something stands; the word tells it, the colour only helps. */
export const StateBadge = ({ state, children }: Props) => (
  <span className={classes.badge} data-state={state}>
    {children}
  </span>
)
