import { Alert, Button, Card, FileButton, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconDownload, IconFileSpreadsheet } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { formatNumber } from '../ui/formats'
import { saveFile } from '../ui/save-file'
import classes from './ChooseFile.module.css'
import type { ImportFile } from './import-file'
import { decodeCsv, mostBytes, mostLines, readCsv, template } from './users-csv'

/** Takes a file, by a button or dropped, and reads it in the browser. */
export const ChooseFile = ({ onChosen }: { onChosen: (file: ImportFile) => void }) => {
  const [problem, setProblem] = useState<string | null>(null)
  const [over, setOver] = useState(false)

  const read = async (file: File | null | undefined) => {
    if (file == null) return
    setProblem(null)
    if (file.size > mostBytes) {
      setProblem('The file is larger than 10 MB.')
      return
    }
    try {
      const table = readCsv(decodeCsv(new Uint8Array(await file.arrayBuffer())))
      if ('problem' in table) setProblem(table.problem)
      else onChosen({ name: file.name, table })
    } catch {
      // It was moved or changed since it was chosen.
      setProblem('The file can’t be read. Choose it once more.')
    }
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
            Choose a CSV file, or drop it here. You see what is in it before anyone is invited.
          </Text>
          <Group gap="sm" justify="center">
            <FileButton
              accept=".csv,.tsv,.txt,text/csv"
              onChange={file => void read(file)}
              inputProps={{ 'aria-label': 'CSV file' }}
            >
              {props => <Button {...props}>Choose a file</Button>}
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
        The first line names the columns: login and first name are needed; last name, phone,
        language (such as en or pt-BR) and role (Owner, Admin or Member) can be left out. At most{' '}
        {formatNumber(mostLines)} lines.
      </Text>
    </Stack>
  )
}
