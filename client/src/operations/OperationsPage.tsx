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
import { actionMessages, outcomeMessages } from './operation-words'
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
        <PageTitle title={t('operations.page.title')} />
        <Alert icon={<IconLock />} title={t('operations.page.forbiddenTitle')}>
          {t('operations.page.forbidden')}
        </Alert>
      </Stack>
    )
  }

  const problems = filterProblemsOf(t, shown)
  const problemTexts = Object.values(problems)
  const fits = problemTexts.length === 0
  const narrowed = writeOperationsSearch({ ...shown, after: null, before: null }).size > 0
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle title={t('operations.page.title')} />
        {fits && (
          <Button
            component="a"
            href={exportAddressOf(shown)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t('operations.page.export')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mt="-md">
        {t('operations.page.intro')}
      </Text>
      <Group
        ref={filterGroup}
        gap="sm"
        role="search"
        aria-label={t('operations.page.title')}
        className={filters.filters}
      >
        <FilterSelect
          label={t('operations.filter.action')}
          any={t('operations.filters.anyAction')}
          names={actionMessages}
          value={shown.action}
          onChange={action => show({ action })}
        />
        <FilterSelect
          label={t('operations.filter.outcome')}
          any={t('operations.filters.anyOutcome')}
          names={outcomeMessages}
          value={shown.outcome}
          onChange={outcome => show({ outcome })}
        />
        <UserSelect
          label={t('operations.filter.actor')}
          value={shown.actor}
          onChange={actor => show({ actor })}
        />
        <UserSelect
          label={t('operations.filter.subject')}
          value={shown.subject}
          onChange={subject => show({ subject })}
        />
        <TextFilter
          label={t('operations.filter.ip')}
          placeholder={t('operations.filter.ipPlaceholder')}
          text={shown.ip}
          tidy={text => text.slice(0, 45)}
          problem={problems.ip}
          onChange={ip => show({ ip })}
        />
        <TextFilter
          label={t('operations.filter.token')}
          placeholder={t('operations.filter.tokenPlaceholder')}
          text={shown.token}
          tidy={tokenPrefixOf}
          onChange={token => show({ token })}
        />
        <DayInput
          label={t('operations.filter.firstDay')}
          word={t('operations.filter.since')}
          day={shown.from}
          onChange={from => show({ from })}
        />
        <DayInput
          label={t('operations.filter.lastDay')}
          word={t('operations.filter.until')}
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
            {t('operations.filter.clear')}
          </Button>
        )}
      </Group>
      <OperationsTable
        variables={variablesOf(shown)}
        refused={
          fits ? undefined : (
            <>
              {t('operations.filter.correct')}
              <VisuallyHidden> {problemTexts.join(' ')}</VisuallyHidden>
            </>
          )
        }
        linksTokens
        none={
          narrowed
            ? { title: t('operations.list.noMatch'), hint: t('operations.list.noMatchHint') }
            : { title: t('operations.list.empty') }
        }
        onPrevious={before => show({ before })}
        onNext={after => show({ after })}
      />
    </Stack>
  )
}
