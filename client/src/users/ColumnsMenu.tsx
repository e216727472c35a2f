import { Menu } from '@mantine/core'
import { useState } from 'react'
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
  return (
    <Menu
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      shadow="md"
      // It would be in the menu, without being an item.
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <ColumnsButton />
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
