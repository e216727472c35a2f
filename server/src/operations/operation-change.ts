import type { ValueTransformer } from 'typeorm'

/**
 * A change that an operation made: the name of a property in the schema, and its value before
 * and after. Null means no value. Both values are null if they are personal data, which is not
 * stored here. Both are the same if the entry only identifies the object of the operation.
 */
export interface OperationChange {
  readonly name: string
  readonly from: string | null
  readonly to: string | null
}

/** A value as text. List items are separated by commas. Null if there is no value. */
const textOf = (value: unknown): string | null => {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '')
  return text === '' ? null : text
}

/** Describes the change of one property. */
export const changeOf = (name: string, from: unknown, to: unknown): OperationChange => ({
  name,
  from: textOf(from),
  to: textOf(to),
})

/** The changes of those properties whose values differ. */
export const changesBetween = <Name extends string>(
  before: Readonly<Partial<Record<Name, unknown>>>,
  after: Readonly<Partial<Record<Name, unknown>>>,
  names: readonly Name[],
): OperationChange[] =>
  names.map(name => changeOf(name, before[name], after[name])).filter(({ from, to }) => from !== to)

/** As {@link changesBetween}, but returns only the names, for properties that are personal data. */
export const namesChangedBetween = <Name extends string>(
  before: Readonly<Partial<Record<Name, unknown>>>,
  after: Readonly<Partial<Record<Name, unknown>>>,
  names: readonly Name[],
): OperationChange[] =>
  changesBetween(before, after, names).map(({ name }) => ({ name, from: null, to: null }))

type Kept = [name: string, from: string | null, to: string | null]

/** Changes in the form that is stored and hashed. */
export const keptOf = (changes: readonly OperationChange[]): Kept[] =>
  changes.map(({ name, from, to }) => [name, from, to])

/** Stores changes as JSON text, or null if there are none. */
export const changeList: ValueTransformer = {
  to: (changes: readonly OperationChange[]) =>
    changes.length === 0 ? null : JSON.stringify(keptOf(changes)),
  from: (stored: string | null): OperationChange[] =>
    stored === null
      ? []
      : (JSON.parse(stored) as Kept[]).map(([name, from, to]) => ({ name, from, to })),
}
