import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFilter } from '@tabler/icons-react'
import { type RefObject, useEffect, useId, useRef, useState } from 'react'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { FilterSelect } from '../ui/FilterSelect'
import { leftToRight } from '../ui/left-to-right'
import { useSearchShortcut } from '../ui/search-shortcut'
import { UserSelect } from '../users/UserSelect'
import classes from './OperationFilters.module.css'
import { actionMessages, outcomeMessages } from './operation-words'
import {
  daysOf,
  filterProblemsOf,
  type OperationsSearch,
  type Period,
  periodOf,
  tokenPrefixOf,
} from './operations-search'

/** The names of the periods to choose from. */
export const periodMessages: Record<Period, PlainMessageId> = {
  TODAY: 'operations.period.TODAY',
  WEEK: 'operations.period.WEEK',
  MONTH: 'operations.period.MONTH',
}

interface TextFilterProps {
  label: string
  text: string
  /** Why the filter is invalid, if it is. */
  problem?: string | undefined
  /** Shortens the entered text at each change. */
  tidy: (text: string) => string
  /** Called when the user presses Enter or leaves the field. */
  onChange: (text: string) => void
}

const TextFilter = ({ label, text, problem, tidy, onChange }: TextFilterProps) => {
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  const search = () => {
    const wanted = typed.trim()
    setTyped(wanted)
    if (wanted !== text) onChange(wanted)
  }
  return (
    <TextInput
      label={label}
      {...leftToRight}
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

interface Props {
  /** For the page, which moves the focus here. */
  group: RefObject<HTMLDivElement | null>
  shown: OperationsSearch
  /** The number of filters in use. */
  count: number
  onChange: (change: Partial<OperationsSearch>) => void
}

/**
 * The filters of the operation list, with visible labels. On narrow screens a button shows them,
 * except the periods, which are always there.
 */
export const OperationFilters = ({ group, shown, count, onChange }: Props) => {
  const { t } = useLocale()
  const panel = useId()
  const actorField = useRef<HTMLInputElement>(null)
  const actorShortcut = useSearchShortcut(actorField)
  const problems = filterProblemsOf(t, shown)
  const invalid = Object.keys(problems).length > 0
  const [opened, { open, toggle }] = useDisclosure(invalid)
  // The filter to correct must be visible, and stay so when it is correct.
  useEffect(() => {
    if (invalid) open()
  }, [invalid, open])
  const period = periodOf(shown)
  const anyTime = shown.from === '' && shown.to === ''
  return (
    <Stack ref={group} gap="sm" role="search" aria-label={t('operations.page.title')} tabIndex={-1}>
      <Group gap="xs" justify="space-between">
        <Group gap={6} role="group" aria-label={t('operations.filter.period')}>
          <Button
            size="xs"
            variant={anyTime ? 'light' : 'default'}
            aria-pressed={anyTime}
            onClick={() => onChange({ from: '', to: '' })}
          >
            {t('operations.period.any')}
          </Button>
          {Object.entries(periodMessages).map(([key, name]) => (
            <Button
              key={key}
              size="xs"
              variant={key === period ? 'light' : 'default'}
              aria-pressed={key === period}
              onClick={() => onChange(daysOf(key as Period))}
            >
              {t(name)}
            </Button>
          ))}
        </Group>
        <Button
          size="xs"
          variant="default"
          hiddenFrom="md"
          leftSection={<IconFilter size={14} aria-hidden />}
          aria-expanded={opened}
          aria-controls={panel}
          onClick={toggle}
        >
          {count === 0
            ? t('operations.filter.button')
            : t('operations.filter.buttonCount', { count })}
        </Button>
      </Group>
      <div id={panel} className={classes.panel} data-open={opened}>
        <FilterSelect
          labelled
          label={t('operations.filter.action')}
          any={t('operations.filters.anyAction')}
          names={actionMessages}
          value={shown.action}
          onChange={action => onChange({ action })}
        />
        <FilterSelect
          labelled
          label={t('operations.filter.outcome')}
          any={t('operations.filters.anyOutcome')}
          names={outcomeMessages}
          value={shown.outcome}
          onChange={outcome => onChange({ outcome })}
        />
        <UserSelect
          labelled
          shortcut={{ ref: actorField, ...actorShortcut }}
          label={t('operations.filter.actor')}
          value={shown.actor}
          onChange={actor => onChange({ actor })}
        />
        <UserSelect
          labelled
          label={t('operations.filter.subject')}
          value={shown.subject}
          onChange={subject => onChange({ subject })}
        />
        <TextFilter
          label={t('operations.filter.ip')}
          text={shown.ip}
          tidy={text => text.slice(0, 45)}
          problem={problems.ip}
          onChange={ip => onChange({ ip })}
        />
        <TextFilter
          label={t('operations.filter.token')}
          text={shown.token}
          tidy={tokenPrefixOf}
          onChange={token => onChange({ token })}
        />
        <TextInput
          type="date"
          label={t('operations.filter.firstDay')}
          value={shown.from}
          onChange={event => onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('operations.filter.lastDay')}
          value={shown.to}
          error={problems.to}
          onChange={event => onChange({ to: event.currentTarget.value })}
        />
      </div>
    </Stack>
  )
}
