import { Alert, Button, Group, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { IconDownload, IconLock } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { FilterSelect } from '../ui/FilterSelect'
import filters from '../ui/filters.module.css'
import { PageTitle } from '../ui/PageTitle'
import { UserSelect } from '../users/UserSelect'
import { OperationsTable } from './OperationsTable'
import { actionNames, outcomeNames } from './operation-words'
import {
  exportAddressOf,
  filterProblemsOf,
  type OperationsSearch,
  readOperationsSearch,
  tokenPrefixOf,
  variablesOf,
  writeOperationsSearch,
} from './operations-search'

// For fields that are too wide for two in a row.
const wide = { gridColumn: '1 / -1' }

interface TextFilterProps {
  label: string
  placeholder: string
  text: string
  /** Why the filter is invalid, if it is. */
  problem?: string | undefined
  /** Shortens the entered text at each change. */
  tidy: (text: string) => string
  /** Called when the user presses Enter or leaves the field. */
  onChange: (text: string) => void
}

const TextFilter = ({ label, placeholder, text, problem, tidy, onChange }: TextFilterProps) => {
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  const search = () => {
    const wanted = typed.trim()
    setTyped(wanted)
    if (wanted !== text) onChange(wanted)
  }
  return (
    <TextInput
      className={filters.filter}
      aria-label={label}
      placeholder={placeholder}
      maxLength={100}
      value={typed}
      error={problem}
      onChange={event => setTyped(tidy(event.currentTarget.value))}
      onBlur={search}
      onKeyDown={event => event.key === 'Enter' && search()}
      spellCheck={false}
      autoComplete="off"
    />
  )
}

interface DayInputProps {
  label: string
  /** The word shown before the day. */
  word: string
  /** YYYY-MM-DD, or empty for any. */
  day: string
  /** Why the day is invalid, if it is. */
  problem?: string | undefined
  onChange: (day: string) => void
}

const DayInput = ({ label, word, day, problem, onChange }: DayInputProps) => (
  <TextInput
    className={filters.filter}
    style={wide}
    aria-label={label}
    type="date"
    leftSection={<Text size="sm">{word}</Text>}
    leftSectionWidth={56}
    value={day}
    error={problem}
    onChange={event => onChange(event.currentTarget.value)}
  />
)

/** The operation list. Its filters and page are kept in the URL. */
export const OperationsPage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const [parameters, setParameters] = useSearchParams()
  const filterGroup = useRef<HTMLDivElement>(null)
  const shown = readOperationsSearch(parameters)
  const show = (change: Partial<OperationsSearch>) =>
    // A changed filter starts at the first page.
    setParameters(writeOperationsSearch({ ...shown, after: null, before: null, ...change }))

  if (viewer?.permissions.includes('operations.read') !== true) {
    return (
      <Stack>
        <PageTitle title="Operations" />
        <Alert icon={<IconLock />} title="You cannot see the operation list">
          To see what happened to your own profile, open its Operations tab.
        </Alert>
      </Stack>
    )
  }

  const problems = filterProblemsOf(shown)
  const problemTexts = Object.values(problems)
  const fits = problemTexts.length === 0
  const narrowed = writeOperationsSearch({ ...shown, after: null, before: null }).size > 0
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle title="Operations" />
        {fits && (
          <Button
            component="a"
            href={exportAddressOf(shown)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Export CSV
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mt="-md">
        Who did what to whom, newest first. Entries cannot be changed or removed.
      </Text>
      <Group
        ref={filterGroup}
        gap="sm"
        role="search"
        aria-label="Operations"
        className={filters.filters}
      >
        <FilterSelect
          label="Action"
          any={t('operations.filters.anyAction')}
          names={actionNames}
          value={shown.action}
          onChange={action => show({ action })}
        />
        <FilterSelect
          label="Outcome"
          any={t('operations.filters.anyOutcome')}
          names={outcomeNames}
          value={shown.outcome}
          onChange={outcome => show({ outcome })}
        />
        <UserSelect label="Done by" value={shown.actor} onChange={actor => show({ actor })} />
        <UserSelect
          label="Affected user"
          value={shown.subject}
          onChange={subject => show({ subject })}
        />
        <TextFilter
          label="Address"
          placeholder="From address"
          text={shown.ip}
          tidy={text => text.slice(0, 45)}
          problem={problems.ip}
          onChange={ip => show({ ip })}
        />
        <TextFilter
          label="API token"
          placeholder="By API token"
          text={shown.token}
          tidy={tokenPrefixOf}
          onChange={token => show({ token })}
        />
        <DayInput
          label="First day"
          word="Since"
          day={shown.from}
          onChange={from => show({ from })}
        />
        <DayInput
          label="Last day"
          word="Until"
          day={shown.to}
          problem={problems.to}
          onChange={to => show({ to })}
        />
        {narrowed && (
          <Button
            variant="default"
            style={wide}
            onClick={() => {
              setParameters(new URLSearchParams())
              // The button disappears.
              filterGroup.current?.querySelector('input')?.focus()
            }}
          >
            Clear filters
          </Button>
        )}
      </Group>
      <OperationsTable
        variables={variablesOf(shown)}
        refused={
          fits ? undefined : (
            <>
              Correct the filter marked above to see operations.
              <VisuallyHidden> {problemTexts.join(' ')}</VisuallyHidden>
            </>
          )
        }
        linksTokens
        none={
          narrowed
            ? { title: 'No operations match', hint: 'Try fewer filters.' }
            : { title: 'No operations yet' }
        }
        onPrevious={before => show({ before })}
        onNext={after => show({ after })}
      />
    </Stack>
  )
}
