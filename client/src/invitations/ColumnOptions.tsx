import { Card, Select, SimpleGrid, Text, Title } from '@mantine/core'
import type { Locale } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { type ImportField, importFieldMessages } from './column-names'
import { type ColumnMapping, unusedColumns } from './columns'
import type { FileTable } from './import-file'

interface Props {
  table: FileTable
  /** The fields that the user can import. */
  fields: readonly ImportField[]
  mapping: ColumnMapping
  disabled: boolean
  onChange: (mapping: ColumnMapping) => void
}

const maxListed = 10

const listed = (
  { t, formatList }: Pick<Locale, 't' | 'formatList'>,
  columns: readonly string[],
): string => {
  const rest = columns.length - maxListed
  const names = columns.slice(0, maxListed).map(name => name.slice(0, 60))
  return formatList(rest > 0 ? [...names, t('invitations.columns.more', { count: rest })] : names)
}

/** Shows from which column each field is read, with a control to choose another one. */
export const ColumnOptions = ({ table, fields, mapping, disabled, onChange }: Props) => {
  const locale = useLocale()
  const { t } = locale
  const unused = unusedColumns(table, mapping)
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="columns-section">
      <Title order={2} size="h5" mb="md" id="columns-section">
        {t('invitations.columns.title')}
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="md">
        {fields.map(field => (
          <Select
            key={field}
            label={t(importFieldMessages[field])}
            placeholder={t('invitations.columns.none')}
            data={table.headings.map((heading, column) => ({
              value: String(column),
              label: heading,
            }))}
            value={mapping[field] === null ? null : String(mapping[field])}
            onChange={column =>
              onChange({ ...mapping, [field]: column === null ? null : Number(column) })
            }
            clearable
            clearButtonProps={{
              'aria-label': t('invitations.columns.clear', {
                field: t(importFieldMessages[field]),
              }),
            }}
            disabled={disabled}
          />
        ))}
      </SimpleGrid>
      {unused.length > 0 && (
        <Text size="sm" c="dimmed" mt="md" style={{ overflowWrap: 'anywhere' }}>
          {t('invitations.columns.unused', { columns: listed(locale, unused) })}
        </Text>
      )}
    </Card>
  )
}
