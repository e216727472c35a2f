import { useQuery } from '@apollo/client/react'
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type RefObject, useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import filters from '../ui/filters.module.css'
import type { useSearchShortcut } from '../ui/search-shortcut'

const FoundUsers = graphql(`
  query FoundUsers($search: String!) {
    users(first: 10, search: $search) {
      nodes {
        id
        name
        login
      }
    }
  }
`)

const ChosenUser = graphql(`
  query ChosenUser($id: ID!) {
    user(id: $id) {
      id
      name
      login
    }
  }
`)

interface Props {
  /** The field, and properties that announce its shortcut. */
  shortcut?: ReturnType<typeof useSearchShortcut> & { ref: RefObject<HTMLInputElement | null> }
  label: string
  /** Whether the label is visible above the field. Otherwise only screen readers know it. */
  labelled?: boolean
  /** The id of the selected user. */
  value: string | null
  onChange: (id: string | null) => void
}

/** A select in which the caller finds a user by a part of the name or login. */
export const UserSelect = ({ shortcut, label, labelled = false, value, onChange }: Props) => {
  const { t } = useLocale()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.slice(0, 200), 200)
  const { data: chosen } = useQuery(ChosenUser, {
    variables: { id: value ?? '' },
    skip: value === null,
  })
  const known = chosen?.user ?? null
  const { data: found } = useQuery(FoundUsers, {
    variables: { search: search === known?.name ? '' : search },
  })
  const others = found?.users.nodes.filter(user => user.id !== known?.id) ?? []
  const options = [...(known === null ? [] : [known]), ...others]
  return (
    <Select
      {...shortcut}
      {...(labelled
        ? { label, placeholder: t('users.select.any') }
        : { className: filters.filter ?? '', 'aria-label': label, placeholder: label })}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('users.select.clear', { label }) }}
      nothingFoundMessage={t('users.select.nothingFound')}
      // The server has already filtered the options, also by login.
      filter={({ options: all }) => all}
      data={options.map(user => ({ value: user.id, label: user.name }))}
      renderOption={({ option }) => {
        const user = options.find(one => one.id === option.value)
        return (
          <span style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
            {option.label}
            <br />
            <small>
              <bdi>{user?.login}</bdi>
            </small>
          </span>
        )
      }}
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
    />
  )
}
