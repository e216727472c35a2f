import type { ComponentProps } from 'react'
import { latePart, useLateControl } from './late-part'
import type { UserMenu } from './UserMenu'
import { UserMenuButton } from './UserMenuButton'

const userMenu = latePart(() => import('./UserMenu'))

/** The menu of the one who is signed in, loaded behind the page; its button is there at once. */
export const LateUserMenu = ({ viewer }: Omit<ComponentProps<typeof UserMenu>, 'ref'>) => {
  const { module, control, open } = useLateControl<HTMLButtonElement, typeof import('./UserMenu')>(
    userMenu,
  )
  return module === undefined ? (
    <UserMenuButton name={viewer.name} ref={control} aria-expanded={false} onClick={open} />
  ) : (
    <module.UserMenu viewer={viewer} ref={control} />
  )
}
