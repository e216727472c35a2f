import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconAlertCircle, IconCheck, IconDownload } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { NoMailAlert } from '../mail/NoMailAlert'
import { useLocale } from '../messages/use-locale'
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
  const { t } = useLocale()
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => alert.current?.focus(), [])
  const failed = report.outcomes.filter(({ problems }) => problems.length > 0)
  const invited = report.outcomes.length - failed.length
  const problems = new Map(failed.map(outcome => [outcome.line, outcome.problems]))
  const name = report.file.replace(/\.\w+$/, '')
  const rows = (outcomes: Report['outcomes']) =>
    outcomes.map(({ line, problems }) => ({ row: line, problems }))
  return (
    <Stack gap="lg">
      <Alert
        ref={alert}
        tabIndex={-1}
        role="status"
        color={failed.length === 0 ? 'rekey' : 'yellow'}
        icon={failed.length === 0 ? <IconCheck /> : <IconAlertCircle />}
        title={t('invitations.report.title', { count: invited })}
      >
        {report.failure !== null &&
          `${t('invitations.report.endedEarly', { reason: report.failure })} `}
        {report.stopped && `${t('invitations.report.stopped')} `}
        {outcomeInWords(t, failed.length, report.outcomes.length)}
      </Alert>
      {invited > 0 && <NoMailAlert />}
      <Group gap="sm">
        {failed.length > 0 && (
          <Button
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() =>
              saveFile(`failed-${name}.csv`, failedLines(t, report.table, rows(failed)), 'text/csv')
            }
          >
            {t('invitations.report.downloadFailed', { count: failed.length })}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() =>
            saveFile(
              `results-${name}.csv`,
              resultLines(t, report.table, rows(report.outcomes)),
              'text/csv',
            )
          }
        >
          {t('invitations.report.downloadAll')}
        </Button>
        <Button variant="default" onClick={onAgain}>
          {t('invitations.report.again')}
        </Button>
        <Button variant="default" component={Link} to="/account/users">
          {t('invitations.report.toUsers')}
        </Button>
      </Group>
      {failed.length > 0 && (
        <ImportLinesTable
          label={t('invitations.report.failedLines')}
          lines={failed.map(({ line }) => line)}
          problemsOf={line => problems.get(line)}
        />
      )}
    </Stack>
  )
}
