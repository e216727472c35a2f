import { Anchor } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import { Link, useLocation } from 'react-router'
import type { ListedUsersFragment, SecondFactorMethod } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { SelectBox } from './SelectBox'
import classes from './UsersPage.module.css'
import type { Selection } from './use-selection'

/** A user in the list. */
export type ListedUser = ListedUsersFragment['nodes'][number] & {
  /** Missing while their column is hidden. */
  readonly secondFactors?: readonly { readonly method: SecondFactorMethod }[] | null
}

interface SelectCheckboxProps {
  user: ListedUser
  selection: Selection<ListedUser>
}

/** A checkbox that selects a user. It is disabled if no bulk action on the user is allowed. */
export const SelectCheckbox = ({ user, selection }: SelectCheckboxProps) => {
  const { t } = useLocale()
  const refusal = selection.refusalOf(user)
  const reason = refusal === null ? undefined : t(accessRefusalKeys[refusal])
  return (
    <SelectBox
      label={
        reason === undefined
          ? t('users.table.select', { name: user.name })
          : t('users.table.selectRefused', { name: user.name, reason })
      }
      title={reason}
      disabled={refusal !== null}
      checked={selection.has(user)}
      onChange={() => selection.toggle(user)}
    />
  )
}

/** The address of a user's profile. */
export const addressOf = (user: ListedUser): string => `/account/users/${user.id}`

/** The link to a user's edit page; `from` leads back to this page of the table. */
export const EditLink = ({ user }: { user: ListedUser }) => {
  const { t } = useLocale()
  const { search } = useLocation()
  return (
    <Anchor
      component={Link}
      to={addressOf(user)}
      state={{ from: search }}
      size="sm"
      fw={500}
      aria-label={t('users.table.editUser', { name: user.name })}
    >
      {t('users.table.edit')}
    </Anchor>
  )
}

/** The name, as a link to the profile. */
export const NameLink = ({ user }: { user: ListedUser }) => {
  const { search } = useLocation()
  return (
    <Link className={classes.name} to={addressOf(user)} state={{ from: search }}>
      <bdi>{user.name}</bdi>
    </Link>
  )
}
