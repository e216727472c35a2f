import { restoreFormulas } from '@rekey/shared/csv'
import { strFromU8, unzipSync } from 'fflate'
import { Parser } from 'saxen'
import type { PlainMessageId } from '../messages/locale'
import { type FileRow, maxColumns, maxRows, type Sheet } from './import-file'

/** A spreadsheet that cannot be read. */
export class SpreadsheetError extends Error {
  /** @param problem the message that explains why, and what to do. */
  constructor(readonly problem: PlainMessageId) {
    super(problem)
  }
}

/**
 * The limits for unpacking a workbook. A file of 10 MB can claim to contain terabytes, and every
 * cell can refer to the same stored text.
 */
const limits = {
  unpackedBytes: 64 * 1024 * 1024,
  sheets: 20,
  cells: 2_000_000,
  characters: 20_000_000,
  // Includes the headings and the rows above them.
  rows: maxRows + 100,
}

const tooLarge = () => new SpreadsheetError('invitations.workbook.tooLarge')

/** The XML files of the workbook by their paths. */
const unpack = (bytes: Uint8Array): Map<string, string> => {
  let unpacked = 0
  const files = unzipSync(bytes, {
    // This is the size that the archive claims. The library unpacks no more than that.
    filter: ({ name, originalSize }) => {
      if (
        !/^xl\/(?:workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/i.test(
          name,
        )
      ) {
        return false
      }
      unpacked += originalSize
      if (unpacked > limits.unpackedBytes) throw tooLarge()
      return true
    },
  })
  return new Map(Object.entries(files).map(([path, file]) => [path.toLowerCase(), strFromU8(file)]))
}

interface XmlHandler {
  readonly open?: (name: string, attributes: () => Readonly<Record<string, string>>) => void
  readonly close?: (name: string) => void
  readonly text?: (text: string) => void
}

// Some programs write a prefix before the names of elements and attributes.
const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

const parseXml = (xml: string, { open, close, text }: XmlHandler): void => {
  let failure: Error | undefined
  new Parser()
    .on('openTag', (name, attributes, decode) =>
      open?.(localName(name), () =>
        Object.fromEntries(
          Object.entries(attributes()).map(([key, value]) => [localName(key), decode(value)]),
        ),
      ),
    )
    .on('closeTag', name => close?.(localName(name)))
    .on('text', (value, decode) => text?.(decode(value)))
    .on('cdata', value => text?.(value))
    .on('warn', () => undefined)
    .on('error', error => {
      failure = error
    })
    .parse(xml)
  if (failure !== undefined) throw failure
}

/** The texts that cells refer to by their numbers. */
const readTexts = (xml: string | undefined): string[] => {
  const texts: string[] = []
  let current = ''
  let isText = false
  let isReading = false
  if (xml === undefined) return texts
  parseXml(xml, {
    open: name => {
      if (name === 'si') current = ''
      // In Japanese files, this element contains the pronunciation of the text.
      if (name === 'rPh') isReading = true
      isText = name === 't' && !isReading
    },
    close: name => {
      if (name === 'rPh') isReading = false
      if (name === 't') isText = false
      if (name === 'si') texts.push(current)
    },
    text: value => {
      if (isText) current += value
    },
  })
  return texts
}

/** The index of the column in a reference such as `AB12`, from 0; undefined if there is none. */
const columnOf = (reference: string | undefined): number | undefined => {
  const letters = /^[A-Z]{1,3}(?=\d)/i.exec(reference ?? '')?.[0].toUpperCase()
  if (letters === undefined) return undefined
  return [...letters].reduce((sum, letter) => 26 * sum + letter.charCodeAt(0) - 64, 0) - 1
}

/** The value that a cell shows, without its number format. */
const cellText = (type: string | undefined, value: string, texts: readonly string[]): string => {
  if (type === 's') return texts[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  const isNumber = (type === undefined || type === 'n') && value.trim() !== ''
  // A long number, such as a phone number, is stored as 4.86E10.
  return isNumber && Number.isFinite(Number(value)) ? String(Number(value)) : value
}

/** The remaining parts of the limits. */
interface Budget {
  cells: number
  characters: number
}

const readRows = (xml: string, texts: readonly string[], budget: Budget): FileRow[] => {
  const rows: FileRow[] = []
  let line = 0
  let cells: string[] = []
  let column = -1
  let type: string | undefined
  let value = ''
  let isValue = false
  let isReading = false
  const keep = (text: string) => {
    // One column more than allowed, so that the reader of the table reports the limit.
    const at = Math.min(column, maxColumns)
    // The missing cells before this one count too: they also need memory.
    budget.cells -= Math.max(at + 1 - cells.length, 1)
    budget.characters -= text.length
    if (budget.cells < 0 || budget.characters < 0) throw tooLarge()
    while (cells.length < at) cells.push('')
    cells[at] = text
  }
  parseXml(xml, {
    open: (name, attributes) => {
      if (name === 'row') {
        const number = Number(attributes().r ?? line + 1)
        line = Number.isSafeInteger(number) && number > line ? number : line + 1
        cells = []
        column = -1
      } else if (name === 'c') {
        const { r, t } = attributes()
        column = columnOf(r) ?? column + 1
        type = t
        value = ''
      }
      if (name === 'rPh') isReading = true
      isValue = (name === 'v' || name === 't') && !isReading
    },
    text: text => {
      if (isValue) value += text
    },
    close: name => {
      if (name === 'rPh') isReading = false
      if (name === 'v' || name === 't') isValue = false
      if (name === 'c') {
        const text = restoreFormulas(cellText(type, value, texts)).trim()
        if (text !== '') keep(text)
      }
      if (name === 'row' && cells.length > 0) {
        if (rows.length === limits.rows) throw tooLarge()
        rows.push({ line, cells })
      }
    },
  })
  return rows
}

/** The visible sheets with their names and paths in the archive. */
const sheetPaths = (files: ReadonlyMap<string, string>): { name: string; path: string }[] => {
  const targets = new Map<string, string>()
  parseXml(files.get('xl/_rels/workbook.xml.rels') ?? '', {
    open: (name, attributes) => {
      const { Id = '', Target = '' } = name === 'Relationship' ? attributes() : {}
      const path = Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`
      targets.set(Id, path.toLowerCase())
    },
  })
  const sheets: { name: string; path: string }[] = []
  parseXml(files.get('xl/workbook.xml') ?? '', {
    open: (element, attributes) => {
      if (element !== 'sheet' || sheets.length === limits.sheets) return
      const { name = '', state, id = '' } = attributes()
      const path = targets.get(id)
      if (state === undefined || state === 'visible') {
        if (path !== undefined && files.has(path)) sheets.push({ name, path })
      }
    },
  })
  return sheets
}

/**
 * Reads an Excel workbook (.xlsx). For a formula it returns the saved value, and for a date the
 * number.
 *
 * @returns the visible sheets with their non-empty rows.
 * @throws SpreadsheetError if the file is not a workbook, is damaged or is too large.
 */
export const readSpreadsheet = (bytes: Uint8Array): Sheet[] => {
  try {
    const files = unpack(bytes)
    const texts = readTexts(files.get('xl/sharedstrings.xml'))
    const budget = { cells: limits.cells, characters: limits.characters }
    const sheets = sheetPaths(files).map(({ name, path }) => ({
      name,
      rows: readRows(files.get(path) ?? '', texts, budget),
    }))
    if (sheets.length > 0) return sheets
  } catch (failure) {
    if (failure instanceof SpreadsheetError) throw failure
  }
  throw new SpreadsheetError('invitations.workbook.unknown')
}
