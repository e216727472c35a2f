import { ActionIcon, type ActionIconProps } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { ComponentPropsWithRef } from 'react'
import { useLocale } from '../messages/use-locale'

type Props = ActionIconProps & ComponentPropsWithRef<'button'> & { name: string }

/** The button of the menu at the end of a user's row. */
export const RowMenuButton = ({ name, ...props }: Props) => {
  const { t } = useLocale()
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={30}
      aria-haspopup="menu"
      aria-label={t('users.row.menu', { name })}
      {...props}
    >
      <IconDots size={18} aria-hidden />
    </ActionIcon>
  )
}
