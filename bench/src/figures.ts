/** One line of the result. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The comparison with another value, as a share or a multiple. */
  readonly ratio?: number
  /** The value that the ratio refers to. */
  readonly of?: string
  readonly aim?: string
}

/** The median, or the upper of the two in the middle. */
export const medianOf = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

const round = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2)

/** The figures as a Markdown table. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = figures.map(({ name, value, unit, ratio, of, aim }) => [
    name,
    `${round(value)} ${unit}`,
    ratio === undefined ? '' : round(ratio),
    of ?? '',
    aim ?? '',
  ])
  const all = [['figure', 'value', 'ratio', 'of', 'aim'], ...rows]
  const widths = [0, 1, 2, 3, 4].map(column =>
    Math.max(...all.map(row => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = all
  const rule = widths.map(width => '-'.repeat(width))
  return [line(head), line(rule), ...body.map(line)].join('\n')
}
