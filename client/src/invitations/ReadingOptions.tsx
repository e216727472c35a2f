import { Card, Select, SimpleGrid, Text, Title } from '@mantine/core'
import type { ImportFile } from './import-file'
import { type Reading, type ReadingChoice, separatorNames, separators } from './read-file'
import { encodings } from './text-encoding'

interface Props {
  file: ImportFile
  reading: Reading
  disabled: boolean
  onChange: (choice: ReadingChoice) => void
}

const noHeadings = 'none'

/** A label with the number and the start of a line, by which users recognize it. */
const lineLabel = (line: number, cells: readonly string[]): string => {
  const text = cells.filter(cell => cell !== '').join(', ')
  return `Line ${line}: ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`
}

/** Shows how a file was read, with a control to change each part of it. */
export const ReadingOptions = ({ file, reading, disabled, onChange }: Props) => (
  <Card withBorder padding="lg" component="section" aria-labelledby="reading-section">
    <Title order={2} size="h5" mb={4} id="reading-section">
      How the file is read
    </Title>
    <Text size="sm" c="dimmed" mb="md">
      {file.kind === 'text'
        ? 'Rekey guessed this from the file. If letters or columns below look wrong, change it.'
        : 'Choose the sheet with the users and the line that names its columns.'}
    </Text>
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
      {file.kind === 'text' ? (
        <>
          <Select
            label="Encoding"
            data={encodings.map(({ label, name }) => ({ value: label, label: name }))}
            value={reading.encoding}
            onChange={encoding => encoding !== null && onChange({ encoding })}
            allowDeselect={false}
            searchable
            onFocus={event => event.currentTarget.select()}
            disabled={disabled}
          />
          <Select
            label="Separator"
            data={separators.map(separator => ({
              value: separator,
              label: separatorNames[separator],
            }))}
            value={reading.separator}
            onChange={separator => separator !== null && onChange({ separator })}
            allowDeselect={false}
            disabled={disabled}
          />
        </>
      ) : (
        <Select
          label="Sheet"
          data={file.sheets.map(({ name }, at) => ({
            value: String(at),
            label: name || `Sheet ${at + 1}`,
          }))}
          value={String(reading.sheet)}
          onChange={sheet => sheet !== null && onChange({ sheet: Number(sheet) })}
          allowDeselect={false}
          disabled={disabled}
        />
      )}
      <Select
        label="Names of the columns"
        data={[
          ...reading.firstRows.map(({ line, cells }) => ({
            value: String(line),
            label: lineLabel(line, cells),
          })),
          { value: noHeadings, label: 'The file does not name them' },
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
