import { formatNumber } from '../ui/formats'
import { type ColumnMapping, importFieldNames } from './users-csv'

/** A count of lines, such as “1 line”. */
export const linesInWords = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? 'line' : 'lines'}`

/** What can be done about lines that can't be used. */
export const adviceOn = (bad: number, good: number, mapping: ColumnMapping): string => {
  const missing = (['login', 'firstName'] as const).filter(field => mapping[field] === null)
  if (missing.length > 0) {
    const names = missing.map(field => importFieldNames[field].toLowerCase()).join(' or ')
    return `No column was recognised as ${names}, which every line needs. Choose it under Columns.`
  }
  if (good === 0) {
    return 'Why is told beside each line. Mend the file, and choose it once more.'
  }
  return bad === 1
    ? 'It is left out. You can download it with the reason afterwards, or mend the file and choose it once more.'
    : 'They are left out. You can download them with the reasons afterwards, or mend the file and choose it once more.'
}

/** How many lines of a file went through, and what can be done about the others. */
export const outcomeInWords = (failed: number, all: number): string => {
  if (failed === 0) return 'Every line of the file went through.'
  const told = `${formatNumber(failed)} of ${linesInWords(all)} did not go through.`
  return failed === 1
    ? `${told} Mend it, and import the file with it.`
    : `${told} Mend them, and import the file of them.`
}
