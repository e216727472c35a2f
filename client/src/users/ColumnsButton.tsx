import { Button, type ButtonProps } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import type { ComponentPropsWithRef } from 'react'
import { useLocale } from '../messages/use-locale'

/** The button of the menu of columns. */
export const ColumnsButton = (props: ButtonProps & ComponentPropsWithRef<'button'>) => {
  const { t } = useLocale()
  return (
    <Button
      variant="default"
      leftSection={<IconColumns3 size={16} aria-hidden />}
      aria-haspopup="menu"
      {...props}
    >
      {t('users.columns.button')}
    </Button>
  )
}
