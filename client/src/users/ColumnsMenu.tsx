import { Menu } from '@mantine/core'
import { useRef, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { ColumnsButton } from './ColumnsButton'
import { columnMessages } from './columns'
import { type OptionalColumn, optionalColumns } from './table-preferences'

interface Props {
  columns: readonly OptionalColumn[]
  onChange: (columns: readonly OptionalColumn[]) => void
}

/** Shows and hides columns of the Users table. It is open at first. */
export const ColumnsMenu = ({ columns, onChange }: Props) => {
  const { t } = useLocale()
  const [opened, setOpened] = useState(true)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <Menu
      opened={opened}
      onChange={setOpened}
      // It was open when it appeared, so it does not know what had the focus before.
      onClose={() => button.current?.focus()}
      position="bottom-end"
      withinPortal={false}
      shadow="md"
    >
      <Menu.Target>
        <ColumnsButton ref={button} />
      </Menu.Target>
      <Menu.Dropdown>
        {optionalColumns.map(column => (
          <Menu.CheckboxItem
            key={column}
            checked={columns.includes(column)}
            onChange={checked =>
              onChange(
                optionalColumns.filter(one => (one === column ? checked : columns.includes(one))),
              )
            }
          >
            {t(columnMessages[column])}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
