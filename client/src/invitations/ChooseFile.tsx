import { Alert, Button, Card, FileButton, Group, Stack, Text } from '@mantine/core'
import { roles } from '@rekey/shared/access'
import { IconAlertCircle, IconDownload, IconFileSpreadsheet } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { saveFile } from '../ui/save-file'
import { roleMessages } from '../users/badges'
import classes from './ChooseFile.module.css'
import type { ImportField } from './column-names'
import { type ImportFile, maxBytes, maxRows } from './import-file'
import { template } from './import-lines'
import { type FileProblem, isArchive, isOldOffice, openSpreadsheet } from './open-spreadsheet'

/** Opens the chosen file. The type is read from the content, not from the name. */
const openFile = async (file: File): Promise<ImportFile | FileProblem> => {
  const { name } = file
  if (file.size > maxBytes) return { problem: 'invitations.file.tooLarge' }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (isOldOffice(bytes)) return { problem: 'invitations.file.oldExcel' }
    if (!isArchive(bytes)) return { kind: 'text', name, bytes }
    const answer = await openSpreadsheet(bytes)
    return 'problem' in answer ? answer : { kind: 'spreadsheet', name, sheets: answer.sheets }
  } catch {
    // The file was moved or changed after it was chosen.
    return { problem: 'invitations.file.unreadable' }
  }
}

interface Props {
  /** The fields that the user can import. */
  fields: readonly ImportField[]
  onChosen: (file: ImportFile) => void
}

/** Accepts a file through a button or drag and drop, and reads it in the browser. */
export const ChooseFile = ({ fields, onChosen }: Props) => {
  const { t, formatChoice } = useLocale()
  const [problem, setProblem] = useState<PlainMessageId | null>(null)
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
        <Alert
          color="red"
          icon={<IconAlertCircle />}
          role="alert"
          title={t('invitations.file.unusable')}
        >
          {t(problem)}
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
            {t('invitations.choose.intro')}
          </Text>
          <Group gap="sm" justify="center">
            <FileButton
              accept=".csv,.tsv,.txt,.xlsx,text/csv"
              onChange={file => void read(file)}
              inputProps={{ 'aria-label': t('invitations.choose.label') }}
            >
              {props => (
                <Button {...props} loading={reading}>
                  {t('invitations.choose.choose')}
                </Button>
              )}
            </FileButton>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => saveFile('rekey-users.csv', template(t, fields), 'text/csv')}
            >
              {t('invitations.choose.template')}
            </Button>
          </Group>
        </Stack>
      </Card>
      <Text size="sm" c="dimmed">
        {t('invitations.choose.rules', {
          roles: formatChoice(roles.map(role => t(roleMessages[role]))),
          max: maxRows,
        })}
      </Text>
    </Stack>
  )
}
