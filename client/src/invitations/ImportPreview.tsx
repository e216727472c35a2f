import { Alert, Button, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { NoMailAlert } from '../mail/NoMailAlert'
import { useMailSettings } from '../mail/use-mail-settings'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { describeFailure } from '../ui/describe-failure'
import { LeaveGuard } from '../ui/LeaveGuard'
import { LoadFailure } from '../ui/LoadFailure'
import type { BatchRun } from './batches'
import { ColumnOptions } from './ColumnOptions'
import type { ImportField } from './column-names'
import { type ColumnMapping, guessColumns } from './columns'
import { ImportLinesTable } from './ImportLinesTable'
import type { Report } from './ImportReport'
import type { FileTable, ImportFile } from './import-file'
import { type ImportLine, readLines } from './import-lines'
import { adviceOn } from './import-words'
import { ReadingOptions } from './ReadingOptions'
import { Running } from './Running'
import { type ReadingChoice, readFile } from './read-file'
import { type StoredProfile, useInviteUsers } from './use-invite-users'

/** Checks the lines on the server whenever they change. The server stores nothing. */
const useCheck = (lines: readonly ImportLine[]) => {
  const inviteUsers = useInviteUsers()
  const [done, setDone] = useState(0)
  const [times, setTimes] = useState(0)
  const [checked, setChecked] = useState<{
    readonly lines: readonly ImportLine[]
    readonly times: number
    readonly run: BatchRun<ImportLine>
    readonly profiles: ReadonlyMap<ImportLine, StoredProfile>
  } | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    setDone(0)
    const toSend = lines.filter(line => line.problems.length === 0)
    const progress = (count: number) => leaving.signal.aborted || setDone(count)
    const profiles = new Map<ImportLine, StoredProfile>()
    const keep = (line: ImportLine, profile: StoredProfile) => profiles.set(line, profile)
    void inviteUsers(toSend, true, leaving.signal, progress, keep).then(run => {
      if (!leaving.signal.aborted) setChecked({ lines, times, run, profiles })
    })
    return () => leaving.abort()
  }, [inviteUsers, lines, times])
  const isOfThese = checked?.lines === lines && checked.times === times
  const run = isOfThese ? checked.run : null
  const profileOf = (line: ImportLine) => (isOfThese ? checked.profiles.get(line) : undefined)
  return { done, run, profileOf, again: () => setTimes(before => before + 1) }
}

interface LinesProps {
  /** The name of the file. */
  file: string
  table: FileTable
  mapping: ColumnMapping
  onRunning: (running: boolean) => void
  onDone: (report: Report) => void
  onCancel: () => void
}

/** The lines as read from the chosen columns, with a button that invites the valid ones. */
const Lines = ({ file, table, mapping, onRunning, onDone, onCancel }: LinesProps) => {
  const locale = useLocale()
  const { t } = locale
  const lines = useMemo(() => readLines(locale, table, mapping), [locale, table, mapping])
  const check = useCheck(lines)
  const inviteUsers = useInviteUsers()
  const mail = useMailSettings()
  const [onlyBad, setOnlyBad] = useState(false)
  const [asking, setAsking] = useState(false)
  const [invited, setInvited] = useState<number | null>(null)
  const stop = useRef<AbortController>(null)

  const problemsOf = (line: ImportLine): readonly string[] | undefined =>
    line.problems.length > 0 ? line.problems : check.run?.outcomes.get(line)
  const good = lines.filter(line => problemsOf(line)?.length === 0)
  const bad = lines.filter(line => (problemsOf(line)?.length ?? 0) > 0)
  const toCheck = lines.filter(line => line.problems.length === 0).length
  const failure = check.run?.failure
  const running = invited !== null

  useEffect(() => () => stop.current?.abort(), [])

  const invite = async () => {
    const controller = new AbortController()
    stop.current = controller
    onRunning(true)
    setInvited(0)
    const run = await inviteUsers(good, false, controller.signal, setInvited)
    onDone({
      file,
      table,
      outcomes: lines.map(line => {
        const early = problemsOf(line) ?? []
        const problems = early.length > 0 ? early : run.outcomes.get(line)
        if (problems !== undefined) return { line, problems }
        return {
          line,
          problems: [
            run.unanswered.includes(line)
              ? describeFailure(t, run.failure, t('invitations.report.answerLost'))
              : t('invitations.report.stoppedBefore'),
          ],
        }
      }),
      stopped: controller.signal.aborted,
      failure: run.failure === undefined ? null : describeFailure(t, run.failure),
    })
  }

  return (
    <Stack gap="lg">
      <LeaveGuard
        when={running}
        title={t('invitations.leave.title')}
        message={t('invitations.leave.message')}
      />
      {running ? (
        <Running
          label={t('invitations.preview.inviting')}
          done={invited}
          all={good.length}
          onStop={() => stop.current?.abort()}
        />
      ) : failure !== undefined ? (
        <LoadFailure failure={failure} onRetry={check.again} />
      ) : check.run === null ? (
        <Running label={t('invitations.preview.checking')} done={check.done} all={toCheck} />
      ) : (
        <>
          {bad.length > 0 && (
            <Alert
              color="yellow"
              icon={<IconAlertCircle />}
              title={t('invitations.preview.badTitle', { count: bad.length })}
            >
              {adviceOn(t, bad.length, good.length, mapping)}
            </Alert>
          )}
          <Group justify="space-between">
            <Checkbox
              label={t('invitations.preview.onlyBad', { count: bad.length })}
              checked={onlyBad}
              disabled={bad.length === 0}
              onChange={event => setOnlyBad(event.currentTarget.checked)}
            />
            <Group gap="sm" ms="auto">
              <Button variant="default" onClick={onCancel}>
                {t('invitations.preview.chooseAnother')}
              </Button>
              <Button disabled={good.length === 0} onClick={() => setAsking(true)}>
                {t('invitations.preview.invite', { count: good.length })}
              </Button>
            </Group>
          </Group>
        </>
      )}
      <NoMailAlert />
      <ImportLinesTable
        label={t('invitations.preview.lines')}
        lines={onlyBad && !running ? bad : lines}
        problemsOf={problemsOf}
        profileOf={check.profileOf}
      />
      <ConfirmDialog
        opened={asking}
        title={t('invitations.confirm.title', { count: good.length })}
        confirm={
          mail?.configured === false
            ? t('invitations.confirm.invite')
            : t('invitations.confirm.send', { count: good.length })
        }
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          setAsking(false)
          void invite()
          return null
        }}
      >
        <Text size="sm">
          {mail?.configured === false
            ? t('invitations.confirm.unmailed')
            : t('invitations.confirm.mailed', { count: good.length })}
          {bad.length > 0 && ` ${t('invitations.confirm.leftOut', { count: bad.length })}`}
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}

interface Props {
  file: ImportFile
  /** The fields that the user can import. */
  fields: readonly ImportField[]
  onDone: (report: Report) => void
  /** Returns to the choice of a file. */
  onCancel: () => void
}

/** Shows how a file was read and its content, before any user is invited. */
export const ImportPreview = ({ file, fields, onDone, onCancel }: Props) => {
  const { t } = useLocale()
  const [choice, setChoice] = useState<ReadingChoice>({})
  const reading = useMemo(() => readFile(t, file, choice), [t, file, choice])
  const { table } = reading
  const guess = useMemo(
    () => ('problem' in table ? null : guessColumns(table, fields)),
    [table, fields],
  )
  const [chosen, setChosen] = useState<ColumnMapping | null>(null)
  const [running, setRunning] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])

  const change = (changed: ReadingChoice) => {
    setChoice({ ...choice, ...changed })
    // Another encoding does not change the columns. Every other choice may.
    if (changed.encoding === undefined) setChosen(null)
  }
  const mapping = chosen ?? guess

  return (
    <Stack gap="lg">
      <Title
        order={2}
        size="h4"
        ref={heading}
        tabIndex={-1}
        style={{ outline: 'none', overflowWrap: 'anywhere' }}
      >
        {'problem' in table
          ? file.name
          : t('invitations.preview.title', { file: file.name, count: table.rows.length })}
      </Title>
      <ReadingOptions file={file} reading={reading} disabled={running} onChange={change} />
      {'problem' in table || mapping === null ? (
        <>
          {'problem' in table && (
            <Alert
              color="red"
              icon={<IconAlertCircle />}
              role="alert"
              title={t('invitations.file.unusable')}
            >
              {table.problem}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              {t('invitations.preview.chooseAnother')}
            </Button>
          </Group>
        </>
      ) : (
        <>
          <ColumnOptions
            table={table}
            fields={fields}
            mapping={mapping}
            disabled={running}
            onChange={setChosen}
          />
          <Lines
            file={file.name}
            table={table}
            mapping={mapping}
            onRunning={setRunning}
            onDone={onDone}
            onCancel={onCancel}
          />
        </>
      )}
    </Stack>
  )
}
