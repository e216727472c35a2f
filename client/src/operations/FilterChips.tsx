import { useQuery } from '@apollo/client/react'
import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type MouseEvent, useRef } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { periodMessages } from './OperationFilters'
import classes from './OperationFilters.module.css'
import { actionMessages, outcomeMessages, sourceInWords } from './operation-words'
import { everything, type OperationsSearch, periodOf } from './operations-search'

const FilteredUser = graphql(`
  query FilteredUser($id: ID!) {
    user(id: $id) {
      id
      name
    }
  }
`)

interface ChipProps {
  filter: string
  value: string
  onRemove: (event: MouseEvent<HTMLButtonElement>) => void
}

const Chip = ({ filter, value, onRemove }: ChipProps) => {
  const { t } = useLocale()
  return (
    <li>
      <Button
        size="compact-sm"
        variant="light"
        classNames={{ root: classes.chip ?? '', label: classes.chipLabel ?? '' }}
        aria-label={t('operations.chip.remove', { filter, value })}
        rightSection={<IconX size={14} aria-hidden />}
        onClick={onRemove}
      >
        {t('operations.chip.filter', { filter, value })}
      </Button>
    </li>
  )
}

const UserChip = ({ id, ...rest }: Omit<ChipProps, 'value'> & { id: string }) => {
  const { t } = useLocale()
  const { data } = useQuery(FilteredUser, { variables: { id } })
  // A deleted user has no name any more, but their operations remain.
  return <Chip {...rest} value={data?.user?.name ?? t('operations.chip.unknownUser')} />
}

interface Props {
  shown: OperationsSearch
  onChange: (change: Partial<OperationsSearch>) => void
  /** Called after the last filter was removed, when no chip can have the focus. */
  onNone: () => void
}

/** The filters in use, each with a button that removes it. */
export const FilterChips = ({ shown, onChange, onNone }: Props) => {
  const { t, formatDay } = useLocale()
  const list = useRef<HTMLUListElement>(null)
  /** Moves the focus to another chip, because the pressed one disappears. */
  const leave = (button: HTMLButtonElement) => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const place = buttons.indexOf(button)
    const next = buttons[place + 1] ?? buttons[place - 1]
    if (next === undefined) onNone()
    else next.focus()
  }
  const remove =
    (...names: (keyof OperationsSearch)[]) =>
    ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
      leave(currentTarget)
      onChange(Object.fromEntries(names.map(name => [name, everything[name]])))
    }
  const { action, outcome, actor, subject, ip, token, from, to } = shown
  const period = periodOf(shown)
  // At noon, so that it is the same day in each time zone.
  const dayInWords = (day: string) => formatDay(`${day}T12:00:00`)
  return (
    <ul ref={list} className={classes.chips} aria-label={t('operations.chip.label')}>
      {period !== null && (
        <Chip
          filter={t('operations.filter.period')}
          value={t(periodMessages[period])}
          onRemove={remove('from', 'to')}
        />
      )}
      {period === null && from !== '' && (
        <Chip
          filter={t('operations.filter.firstDay')}
          value={dayInWords(from)}
          onRemove={remove('from')}
        />
      )}
      {period === null && to !== '' && (
        <Chip
          filter={t('operations.filter.lastDay')}
          value={dayInWords(to)}
          onRemove={remove('to')}
        />
      )}
      {action !== null && (
        <Chip
          filter={t('operations.filter.action')}
          value={t(actionMessages[action])}
          onRemove={remove('action')}
        />
      )}
      {outcome !== null && (
        <Chip
          filter={t('operations.filter.outcome')}
          value={t(outcomeMessages[outcome])}
          onRemove={remove('outcome')}
        />
      )}
      {actor !== null && (
        <UserChip filter={t('operations.filter.actor')} id={actor} onRemove={remove('actor')} />
      )}
      {subject !== null && (
        <UserChip
          filter={t('operations.filter.subject')}
          id={subject}
          onRemove={remove('subject')}
        />
      )}
      {ip !== '' && (
        <Chip
          filter={t('operations.filter.ip')}
          value={sourceInWords(t, ip)}
          onRemove={remove('ip')}
        />
      )}
      {token !== '' && (
        <Chip
          filter={t('operations.filter.token')}
          value={`${token}…`}
          onRemove={remove('token')}
        />
      )}
      <li>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            onChange(everything)
            onNone()
          }}
        >
          {t('operations.filter.clear')}
        </Button>
      </li>
    </ul>
  )
}
