import { formatNumber } from '../ui/formats'
import { importFieldNames } from './column-names'
import type { ColumnMapping } from './columns'

/** A count of lines, such as “1 line”. */
export const linesInWords = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? 'line' : 'lines'}`

/** Advice for lines that cannot be used. */
export const adviceOn = (bad: number, good: number, mapping: ColumnMapping): string => {
  const missing = (['login', 'firstName'] as const).filter(field => mapping[field] === null)
  if (missing.length > 0) {
    const names = missing.map(field => importFieldNames[field].toLowerCase()).join(' or ')
    return `No column was recognised as ${names}, which every line needs. Choose it under Columns.`
  }
  if (good === 0) {
    return 'The reason stands beside each line. Correct the file, and choose it again.'
  }
  return bad === 1
    ? 'It is left out. You can download it with the reason afterwards, or correct the file and choose it again.'
    : 'They are left out. You can download them with the reasons afterwards, or correct the file and choose it again.'
}

/** The number of lines that succeeded, with advice for the others. */
export const outcomeInWords = (failed: number, all: number): string => {
  if (failed === 0) return 'Every line of the file went through.'
  const result = `${formatNumber(failed)} of ${linesInWords(all)} did not go through.`
  return failed === 1
    ? `${result} Download it, correct it, and import that file.`
    : `${result} Download them, correct them, and import that file.`
}
