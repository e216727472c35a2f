import { Card, Select, SimpleGrid, Text, Title } from '@mantine/core'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import type { ImportFile } from './import-file'
import { type Reading, type ReadingChoice, separatorMessages, separators } from './read-file'
import { encodings } from './text-encoding'

interface Props {
  file: ImportFile
  reading: Reading
  disabled: boolean
  onChange: (choice: ReadingChoice) => void
}

const noHeadings = 'none'

/** A label with the number and the start of a line, by which users recognize it. */
const lineLabel = (t: Translate, line: number, cells: readonly string[]): string => {
  const text = cells.filter(cell => cell !== '').join(', ')
  return t('invitations.reading.line', {
    line,
    text: text.length > 60 ? `${text.slice(0, 60)}…` : text,
  })
}

/** Shows how a file was read, with a control to change each part of it. */
export const ReadingOptions = ({ file, reading, disabled, onChange }: Props) => {
  const { t } = useLocale()
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="reading-section">
      <Title order={2} size="h5" mb={4} id="reading-section">
        {t('invitations.reading.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {file.kind === 'text'
          ? t('invitations.reading.introText')
          : t('invitations.reading.introSpreadsheet')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        {file.kind === 'text' ? (
          <>
            <Select
              label={t('invitations.reading.encoding')}
              data={encodings.map(({ label, name, script }) => ({
                value: label,
                label:
                  script === undefined
                    ? name
                    : t('invitations.encoding.name', { name, script: t(script) }),
              }))}
              value={reading.encoding}
              onChange={encoding => encoding !== null && onChange({ encoding })}
              allowDeselect={false}
              searchable
              onFocus={event => event.currentTarget.select()}
              disabled={disabled}
            />
            <Select
              label={t('invitations.reading.separator')}
              data={separators.map(separator => ({
                value: separator,
                label: t(separatorMessages[separator]),
              }))}
              value={reading.separator}
              onChange={separator => separator !== null && onChange({ separator })}
              allowDeselect={false}
              disabled={disabled}
            />
          </>
        ) : (
          <Select
            label={t('invitations.reading.sheet')}
            data={file.sheets.map(({ name }, at) => ({
              value: String(at),
              label: name || t('invitations.reading.sheetNumber', { number: at + 1 }),
            }))}
            value={String(reading.sheet)}
            onChange={sheet => sheet !== null && onChange({ sheet: Number(sheet) })}
            allowDeselect={false}
            disabled={disabled}
          />
        )}
        <Select
          label={t('invitations.reading.headings')}
          data={[
            ...reading.firstRows.map(({ line, cells }) => ({
              value: String(line),
              label: lineLabel(t, line, cells),
            })),
            { value: noHeadings, label: t('invitations.reading.noHeadings') },
          ]}
          value={reading.headingLine === null ? noHeadings : String(reading.headingLine)}
          onChange={line =>
            line !== null && onChange({ headingLine: line === noHeadings ? null : Number(line) })
          }
          allowDeselect={false}
          disabled={disabled || reading.firstRows.length === 0}
        />
      </SimpleGrid>
    </Card>
  )
}
