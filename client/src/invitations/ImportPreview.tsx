import {
  Alert,
  Button,
  Card,
  Checkbox,
  Group,
  Progress,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { NoMailAlert } from '../mail/NoMailAlert'
import { useMailSettings } from '../mail/use-mail-settings'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { describeFailure } from '../ui/describe-failure'
import { formatNumber } from '../ui/formats'
import { LeaveGuard } from '../ui/LeaveGuard'
import { LoadFailure } from '../ui/LoadFailure'
import type { BatchRun } from './batches'
import { ImportLinesTable } from './ImportLinesTable'
import type { Report } from './ImportReport'
import type { ImportFile } from './import-file'
import { adviceOn, linesInWords } from './import-words'
import { useInviteUsers } from './use-invite-users'
import {
  type ColumnMapping,
  guessMapping,
  type ImportLine,
  importFieldNames,
  importFields,
  readLines,
} from './users-csv'

const lostAnswer = 'The answer was lost. It is not known whether this user was added.'

const usersInWords = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? 'user' : 'users'}`

interface ColumnsProps {
  headings: readonly string[]
  mapping: ColumnMapping
  disabled: boolean
  onChange: (mapping: ColumnMapping) => void
}

const Columns = ({ headings, mapping, disabled, onChange }: ColumnsProps) => (
  <Card withBorder padding="lg" component="section" aria-labelledby="columns-section">
    <Title order={2} size="h5" mb="md" id="columns-section">
      Columns
    </Title>
    <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="md">
      {importFields.map(field => (
        <Select
          key={field}
          label={importFieldNames[field]}
          placeholder="Not in the file"
          data={headings.map((heading, column) => ({
            value: String(column),
            label: heading || `Column ${column + 1}`,
          }))}
          value={mapping[field] === null ? null : String(mapping[field])}
          onChange={column =>
            onChange({ ...mapping, [field]: column === null ? null : Number(column) })
          }
          clearable
          clearButtonProps={{ 'aria-label': `${importFieldNames[field]}: not in the file` }}
          disabled={disabled}
        />
      ))}
    </SimpleGrid>
  </Card>
)

interface RunningProps {
  label: string
  done: number
  all: number
  onStop?: () => void
}

const Running = ({ label, done, all, onStop }: RunningProps) => (
  <Card withBorder padding="lg">
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Text size="sm" c="dimmed">
          {formatNumber(done)} of {formatNumber(all)}
        </Text>
      </Group>
      <Progress value={all === 0 ? 100 : (100 * done) / all} size="lg" aria-label={label} />
      {onStop !== undefined && (
        <Group justify="flex-end">
          <Button variant="default" onClick={onStop}>
            Stop
          </Button>
        </Group>
      )}
    </Stack>
  </Card>
)

/** Checks lines on the server whenever they change; nothing is stored. */
const useCheck = (lines: readonly ImportLine[]) => {
  const inviteUsers = useInviteUsers()
  const [done, setDone] = useState(0)
  const [times, setTimes] = useState(0)
  const [checked, setChecked] = useState<{
    readonly lines: readonly ImportLine[]
    readonly times: number
    readonly run: BatchRun<ImportLine>
  } | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    setDone(0)
    const toSend = lines.filter(line => line.problems.length === 0)
    const progress = (count: number) => leaving.signal.aborted || setDone(count)
    void inviteUsers(toSend, true, leaving.signal, progress).then(run => {
      if (!leaving.signal.aborted) setChecked({ lines, times, run })
    })
    return () => leaving.abort()
  }, [inviteUsers, lines, times])
  const run = checked?.lines === lines && checked.times === times ? checked.run : null
  return { done, run, again: () => setTimes(before => before + 1) }
}

interface Props {
  file: ImportFile
  onDone: (report: Report) => void
  /** Back to the choice of a file. */
  onCancel: () => void
}

/** What is in the file, line by line, and the way to invite those who can be. */
export const ImportPreview = ({ file, onDone, onCancel }: Props) => {
  const [mapping, setMapping] = useState(() => guessMapping(file.table.headings))
  const lines = useMemo(() => readLines(file.table, mapping), [file.table, mapping])
  const check = useCheck(lines)
  const inviteUsers = useInviteUsers()
  const mail = useMailSettings()
  const [onlyBad, setOnlyBad] = useState(false)
  const [asking, setAsking] = useState(false)
  const [invited, setInvited] = useState<number | null>(null)
  const stop = useRef<AbortController>(null)
  const heading = useRef<HTMLHeadingElement>(null)

  const problemsOf = (line: ImportLine): readonly string[] | undefined =>
    line.problems.length > 0 ? line.problems : check.run?.outcomes.get(line)
  const good = lines.filter(line => problemsOf(line)?.length === 0)
  const bad = lines.filter(line => (problemsOf(line)?.length ?? 0) > 0)
  const toCheck = lines.filter(line => line.problems.length === 0).length
  const failure = check.run?.failure
  const running = invited !== null

  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useEffect(() => () => stop.current?.abort(), [])

  const invite = async () => {
    const controller = new AbortController()
    stop.current = controller
    setInvited(0)
    const run = await inviteUsers(good, false, controller.signal, setInvited)
    onDone({
      file: file.name,
      outcomes: lines.map(line => {
        const early = problemsOf(line) ?? []
        const problems = early.length > 0 ? early : run.outcomes.get(line)
        if (problems !== undefined) return { line, problems }
        return {
          line,
          problems: [
            run.unanswered.includes(line)
              ? describeFailure(run.failure, lostAnswer)
              : 'Stopped before this line.',
          ],
        }
      }),
      stopped: controller.signal.aborted,
      failure: run.failure === undefined ? null : describeFailure(run.failure),
    })
  }

  return (
    <Stack gap="lg">
      <Title
        order={2}
        size="h4"
        ref={heading}
        tabIndex={-1}
        style={{ outline: 'none', overflowWrap: 'anywhere' }}
      >
        {file.name}: {linesInWords(lines.length)}
      </Title>
      <LeaveGuard
        when={running}
        title="Leave while users are invited?"
        message="It stops where it is, and there will be no report. Who was invited until then stays invited."
      />
      <Columns
        headings={file.table.headings}
        mapping={mapping}
        disabled={running}
        onChange={setMapping}
      />
      {running ? (
        <Running
          label="Inviting"
          done={invited}
          all={good.length}
          onStop={() => stop.current?.abort()}
        />
      ) : failure !== undefined ? (
        <LoadFailure failure={failure} onRetry={check.again} />
      ) : check.run === null ? (
        <Running label="Checking" done={check.done} all={toCheck} />
      ) : (
        <>
          {bad.length > 0 && (
            <Alert
              color="yellow"
              icon={<IconAlertCircle />}
              title={`${linesInWords(bad.length)} can’t be used`}
            >
              {adviceOn(bad.length, good.length, mapping)}
            </Alert>
          )}
          <Group justify="space-between">
            <Checkbox
              label={`Only lines with problems (${formatNumber(bad.length)})`}
              checked={onlyBad}
              disabled={bad.length === 0}
              onChange={event => setOnlyBad(event.currentTarget.checked)}
            />
            <Group gap="sm" ml="auto">
              <Button variant="default" onClick={onCancel}>
                Choose another file
              </Button>
              <Button disabled={good.length === 0} onClick={() => setAsking(true)}>
                Invite {usersInWords(good.length)}
              </Button>
            </Group>
          </Group>
        </>
      )}
      <NoMailAlert />
      <ImportLinesTable
        label="Lines of the file"
        lines={onlyBad && !running ? bad : lines}
        problemsOf={problemsOf}
      />
      <ConfirmDialog
        opened={asking}
        title={`Invite ${usersInWords(good.length)}?`}
        confirm={
          mail?.configured === false
            ? 'Invite'
            : good.length === 1
              ? 'Send invitation'
              : 'Send invitations'
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
            ? 'Each link to choose a password works for 72 hours.'
            : `${good.length === 1 ? 'They get' : 'Each of them gets'} an e-mail with a link that works for 72 hours.`}
          {bad.length > 0 &&
            ` ${linesInWords(bad.length)} with problems ${bad.length === 1 ? 'is' : 'are'} left out.`}
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}
