import type { ValueTransformer } from 'typeorm'

/**
 * What an operation changed of something: a property by its name in the schema, and its
 * value before and after. Null stands for none; both are null where the value is personal
 * data, which is not kept here, and alike where it only tells what something was done to.
 */
export interface OperationChange {
  readonly name: string
  readonly from: string | null
  readonly to: string | null
}

/** A value as text, the items of a list after each other; null for none. */
const textOf = (value: unknown): string | null => {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '')
  return text === '' ? null : text
}

/** A property of one thing, and what became of it. */
export const changeOf = (name: string, from: unknown, to: unknown): OperationChange => ({
  name,
  from: textOf(from),
  to: textOf(to),
})

/** Those of the properties that are not as they were before. */
export const changesBetween = <Name extends string>(
  before: Readonly<Partial<Record<Name, unknown>>>,
  after: Readonly<Partial<Record<Name, unknown>>>,
  names: readonly Name[],
): OperationChange[] =>
  names.map(name => changeOf(name, before[name], after[name])).filter(({ from, to }) => from !== to)

/** As {@link changesBetween}, where the values are personal data: which they are, and no more. */
export const namesChangedBetween = <Name extends string>(
  before: Readonly<Partial<Record<Name, unknown>>>,
  after: Readonly<Partial<Record<Name, unknown>>>,
  names: readonly Name[],
): OperationChange[] =>
  changesBetween(before, after, names).map(({ name }) => ({ name, from: null, to: null }))

type Kept = [name: string, from: string | null, to: string | null]

/** Changes as they are kept and hashed. */
export const keptOf = (changes: readonly OperationChange[]): Kept[] =>
  changes.map(({ name, from, to }) => [name, from, to])

/** Changes as one text; null where there is none. */
export const changeList: ValueTransformer = {
  to: (changes: readonly OperationChange[]) =>
    changes.length === 0 ? null : JSON.stringify(keptOf(changes)),
  from: (stored: string | null): OperationChange[] =>
    stored === null
      ? []
      : (JSON.parse(stored) as Kept[]).map(([name, from, to]) => ({ name, from, to })),
}
