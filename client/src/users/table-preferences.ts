import { useState } from 'react'

/** The columns that the viewer can show or hide, in their order, and whether they are shown at first. */
export const columnsAtFirst = {
  PHONE: true,
  ROLE: true,
  STATUS: true,
  LAST_SIGN_IN: true,
  ADDED: false,
  SECOND_FACTOR: false,
  PASSWORD_AGE: false,
  MUST_CHANGE: false,
} as const satisfies Record<string, boolean>

/** A column that the viewer can show or hide. */
export type OptionalColumn = keyof typeof columnsAtFirst

/** All of them, in their order. */
export const optionalColumns = Object.keys(columnsAtFirst) as OptionalColumn[]

/** The possible numbers of users on a page. The API returns at most 100. */
export const pageSizes = [25, 50, 100] as const

/** A number of users on a page. */
export type PageSize = (typeof pageSizes)[number]

/** How the viewer wants to see the table. */
export interface TablePreferences {
  readonly columns: readonly OptionalColumn[]
  readonly pageSize: PageSize
}

const atFirst: TablePreferences = {
  columns: optionalColumns.filter(column => columnsAtFirst[column]),
  pageSize: 25,
}

/** Reads stored preferences. Ignores what this version does not know. */
export const readPreferences = (stored: string | null): TablePreferences => {
  try {
    const { columns, pageSize } = JSON.parse(stored ?? '{}') as Record<string, unknown>
    return {
      columns: Array.isArray(columns)
        ? optionalColumns.filter(column => columns.includes(column))
        : atFirst.columns,
      pageSize: pageSizes.find(size => size === pageSize) ?? atFirst.pageSize,
    }
  } catch {
    return atFirst
  }
}

const keyOf = (userId: string) => `rekey.users-table.${userId}`

/** The preferences of a user in this browser. */
export const storedPreferences = (userId: string): TablePreferences => {
  try {
    return readPreferences(localStorage.getItem(keyOf(userId)))
  } catch {
    // The browser stores nothing for this page.
    return atFirst
  }
}

/** The preferences of a user in this browser, and a function that changes and stores them. */
export const useTablePreferences = (userId: string) => {
  const [preferences, setPreferences] = useState(() => storedPreferences(userId))
  const change = (changed: Partial<TablePreferences>) => {
    const next = { ...preferences, ...changed }
    setPreferences(next)
    try {
      localStorage.setItem(keyOf(userId), JSON.stringify(next))
    } catch {
      // They apply until the page is closed.
    }
  }
  return [preferences, change] as const
}
