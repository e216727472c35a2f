import { UnstyledButton } from '@mantine/core'
import type { ComponentProps } from 'react'
import classes from './UserMenuButton.module.css'

/** The first letters of the first two words, or the first two of the only one. */
const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/).slice(0, 2)
  const length = words.length === 1 ? 2 : 1
  return words
    .map(word => [...word].slice(0, length).join(''))
    .join('')
    .toUpperCase()
}

/** What opens the menu of the one who is signed in. */
export const UserMenuButton = ({
  name,
  ...props
}: { name: string } & Omit<ComponentProps<'button'>, 'color' | 'style'>) => (
  <UnstyledButton aria-label={`Your menu, ${name}`} aria-haspopup="menu" {...props}>
    <span className={classes.initials} aria-hidden>
      {initialsOf(name)}
    </span>
  </UnstyledButton>
)
