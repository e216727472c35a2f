import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconAlertCircle, IconCheck, IconDownload } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { NoMailAlert } from '../mail/NoMailAlert'
import { formatNumber } from '../ui/formats'
import { saveFile } from '../ui/save-file'
import { ImportLinesTable } from './ImportLinesTable'
import type { FileTable } from './import-file'
import { failedLines, type ImportLine, resultLines } from './import-lines'
import { outcomeInWords } from './import-words'

/** The result of an import. */
export interface Report {
  /** The name of the file. */
  readonly file: string
  /** The content of the file. */
  readonly table: FileTable
  /** The result of every line, in order. The user of a line without problems was invited. */
  readonly outcomes: readonly { readonly line: ImportLine; readonly problems: readonly string[] }[]
  readonly stopped: boolean
  /** Why the import ended early, in a sentence; null if it did not. */
  readonly failure: string | null
}

interface Props {
  report: Report
  onAgain: () => void
}

/** Shows the result of each line, and offers files with all results and with the failed lines. */
export const ImportReport = ({ report, onAgain }: Props) => {
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => alert.current?.focus(), [])
  const failed = report.outcomes.filter(({ problems }) => problems.length > 0)
  const invited = report.outcomes.length - failed.length
  const problems = new Map(failed.map(outcome => [outcome.line, outcome.problems]))
  const name = report.file.replace(/\.\w+$/, '')
  const rows = (outcomes: Report['outcomes']) =>
    outcomes.map(({ line, problems }) => ({ row: line, problems }))
  const users = invited === 1 ? '1 user' : `${formatNumber(invited)} users`
  return (
    <Stack gap="lg">
      <Alert
        ref={alert}
        tabIndex={-1}
        role="status"
        color={failed.length === 0 ? 'rekey' : 'yellow'}
        icon={failed.length === 0 ? <IconCheck /> : <IconAlertCircle />}
        title={`${users} invited`}
      >
        {report.failure !== null && `It ended early. ${report.failure} `}
        {report.stopped && 'You stopped it. '}
        {outcomeInWords(failed.length, report.outcomes.length)}
      </Alert>
      {invited > 0 && <NoMailAlert />}
      <Group gap="sm">
        {failed.length > 0 && (
          <Button
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() =>
              saveFile(`failed-${name}.csv`, failedLines(report.table, rows(failed)), 'text/csv')
            }
          >
            {failed.length === 1 ? 'Download the failed line' : 'Download the failed lines'}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() =>
            saveFile(
              `results-${name}.csv`,
              resultLines(report.table, rows(report.outcomes)),
              'text/csv',
            )
          }
        >
          Download all results
        </Button>
        <Button variant="default" onClick={onAgain}>
          Import another file
        </Button>
        <Button variant="default" component={Link} to="/account/users">
          To the users
        </Button>
      </Group>
      {failed.length > 0 && (
        <ImportLinesTable
          label="Lines that failed"
          lines={failed.map(({ line }) => line)}
          problemsOf={line => problems.get(line)}
        />
      )}
    </Stack>
  )
}
