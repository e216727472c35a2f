import { useState } from 'react'
import type { AccessRefusal } from '../gql/graphql'

/** The data of a user that a selection needs. */
export interface SelectableUser {
  readonly id: string
  readonly name: string
  readonly refusalToBlock?: AccessRefusal | null
  readonly refusalToChangeAccess?: AccessRefusal | null
  readonly refusalToDelete?: AccessRefusal | null
  readonly refusalToManageInvitation?: AccessRefusal | null
}

/** The bulk actions that the signed-in user may perform. */
export interface BulkRights {
  readonly block: boolean
  readonly changeRoles: boolean
  readonly delete: boolean
  readonly invite: boolean
}

/** The selected users, including those on other pages of the list. */
export interface Selection<User extends SelectableUser> {
  readonly users: readonly User[]
  readonly has: (user: User) => boolean
  readonly toggle: (user: User) => void
  readonly set: (users: readonly User[], selected: boolean) => void
  readonly clear: () => void
  /** Returns the reason why this user cannot be selected; null if they can. */
  readonly refusalOf: (user: User) => AccessRefusal | null
}

/** A selection of users, in the order in which they were selected. */
export const useSelection = <User extends SelectableUser>(may: BulkRights): Selection<User> => {
  const [byId, setById] = useState<ReadonlyMap<string, User>>(new Map())
  const set = (users: readonly User[], selected: boolean) =>
    setById(before => {
      const after = new Map(before)
      for (const user of users) {
        if (selected) after.set(user.id, user)
        else after.delete(user.id)
      }
      return after
    })
  return {
    users: [...byId.values()],
    has: user => byId.has(user.id),
    toggle: user => set([user], !byId.has(user.id)),
    set,
    clear: () => setById(new Map()),
    refusalOf: user => {
      const refusals = [
        ...(may.block ? [user.refusalToBlock ?? null] : []),
        ...(may.changeRoles ? [user.refusalToChangeAccess ?? null] : []),
        ...(may.delete ? [user.refusalToDelete ?? null] : []),
        ...(may.invite ? [user.refusalToManageInvitation ?? null] : []),
      ]
      return refusals.includes(null) ? null : (refusals[0] ?? null)
    },
  }
}
