import { Alert, Button, Card, FileButton, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconDownload, IconFileSpreadsheet } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { formatNumber } from '../ui/formats'
import { saveFile } from '../ui/save-file'
import classes from './ChooseFile.module.css'
import { type ImportFile, maxBytes, maxRows } from './import-file'
import { template } from './import-lines'
import { isArchive, isOldOffice, openSpreadsheet } from './open-spreadsheet'

/** Opens the chosen file. The type is read from the content, not from the name. */
const openFile = async (file: File): Promise<ImportFile | { readonly problem: string }> => {
  const { name } = file
  if (file.size > maxBytes) return { problem: 'The file is larger than 10 MB.' }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (isOldOffice(bytes)) {
      return {
        problem:
          'It is an older Excel file (.xls), or a workbook with a password. Save it as .xlsx without a password, or as CSV.',
      }
    }
    if (!isArchive(bytes)) return { kind: 'text', name, bytes }
    const answer = await openSpreadsheet(bytes)
    return 'problem' in answer ? answer : { kind: 'spreadsheet', name, sheets: answer.sheets }
  } catch {
    // The file was moved or changed after it was chosen.
    return { problem: 'The file can’t be read. Choose it again.' }
  }
}

/** Accepts a file through a button or drag and drop, and reads it in the browser. */
export const ChooseFile = ({ onChosen }: { onChosen: (file: ImportFile) => void }) => {
  const [problem, setProblem] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  const [reading, setReading] = useState(false)

  const read = async (chosen: File | null | undefined) => {
    if (chosen == null || reading) return
    setProblem(null)
    setReading(true)
    const file = await openFile(chosen)
    setReading(false)
    if ('problem' in file) setProblem(file.problem)
    else onChosen(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void read(event.dataTransfer.files[0])
  }

  return (
    <Stack gap="md" maw={760}>
      {problem !== null && (
        <Alert color="red" icon={<IconAlertCircle />} role="alert" title="This file can’t be used">
          {problem}
        </Alert>
      )}
      <Card
        withBorder
        padding="xl"
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Stack align="center" gap="sm">
          <IconFileSpreadsheet size={32} aria-hidden />
          <Text size="sm" ta="center">
            Choose a CSV file or an Excel workbook (.xlsx), or drop it here. You see what is in it
            before anyone is invited.
          </Text>
          <Group gap="sm" justify="center">
            <FileButton
              accept=".csv,.tsv,.txt,.xlsx,text/csv"
              onChange={file => void read(file)}
              inputProps={{ 'aria-label': 'CSV or Excel file' }}
            >
              {props => (
                <Button {...props} loading={reading}>
                  Choose a file
                </Button>
              )}
            </FileButton>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => saveFile('rekey-users.csv', template(), 'text/csv')}
            >
              Download a template
            </Button>
          </Group>
        </Stack>
      </Card>
      <Text size="sm" c="dimmed">
        A line names the columns, in any of many languages. Login and first name are required. Last
        name, phone, language (such as en or pt-BR) and role (Owner, Admin or Member) can be left
        out. At most {formatNumber(maxRows)} lines and 10 MB.
      </Text>
    </Stack>
  )
}
