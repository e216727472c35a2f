import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconAlertCircle, IconCheck, IconDownload } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { NoMailAlert } from '../mail/NoMailAlert'
import { formatNumber } from '../ui/formats'
import { saveFile } from '../ui/save-file'
import { ImportLinesTable } from './ImportLinesTable'
import { outcomeInWords } from './import-words'
import { type CsvTable, failedLines, type ImportLine } from './users-csv'

/** What became of a file. */
export interface Report {
  /** The name of the file. */
  readonly file: string
  /** Of every line, in order; a line without problems was invited. */
  readonly outcomes: readonly { readonly line: ImportLine; readonly problems: readonly string[] }[]
  readonly stopped: boolean
  /** What ended it early, in a sentence; null when nothing did. */
  readonly failure: string | null
}

interface Props {
  report: Report
  table: CsvTable
  onAgain: () => void
}

/** What became of each line, with those that failed as a file to mend. */
export const ImportReport = ({ report, table, onAgain }: Props) => {
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => alert.current?.focus(), [])
  const failed = report.outcomes.filter(({ problems }) => problems.length > 0)
  const invited = report.outcomes.length - failed.length
  const problems = new Map(failed.map(outcome => [outcome.line, outcome.problems]))
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
              saveFile(
                `failed-${report.file.replace(/\.\w+$/, '')}.csv`,
                failedLines(
                  table,
                  failed.map(({ line, problems }) => ({ row: line, problems })),
                ),
                'text/csv',
              )
            }
          >
            {failed.length === 1 ? 'Download the failed line' : 'Download the failed lines'}
          </Button>
        )}
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
