import { zipSync } from 'fflate'

/** Encodes a text in a single-byte encoding. */
export const encodeText = (text: string, label: string): Uint8Array => {
  const decoder = new TextDecoder(label)
  const byteOf = new Map<string, number>()
  for (let byte = 255; byte >= 0; byte -= 1) {
    byteOf.set(decoder.decode(Uint8Array.of(byte)), byte)
  }
  return Uint8Array.from(text, character => {
    const byte = byteOf.get(character)
    if (byte === undefined) throw new Error(`${label} has no ${character}.`)
    return byte
  })
}

/** Encodes a text in UTF-16, with or without a byte order mark. */
export const encodeUtf16 = (text: string, order: 'le' | 'be', mark: boolean): Uint8Array => {
  const marked = (mark ? '\uFEFF' : '') + text
  const view = new DataView(new ArrayBuffer(2 * marked.length))
  for (let at = 0; at < marked.length; at += 1) {
    view.setUint16(2 * at, marked.charCodeAt(at), order === 'le')
  }
  return new Uint8Array(view.buffer)
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)

/** A cell of a workbook; `null` for a missing one. */
export type TestCell = string | number | null | { readonly xml: string }

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

const columnName = (column: number): string => String.fromCharCode(65 + column)

const cellXml = (cell: TestCell, reference: string, texts: Map<string, number>): string => {
  if (cell === null) return ''
  if (typeof cell === 'object') return cell.xml.replace('<c', `<c r="${reference}"`)
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`
  if (!texts.has(cell)) texts.set(cell, texts.size)
  return `<c r="${reference}" t="s"><v>${texts.get(cell)}</v></c>`
}

/** The XML of a sheet. Adds the texts of its cells to the shared texts. */
const sheetXml = (rows: readonly (readonly TestCell[])[], texts: Map<string, number>): string => {
  const body = rows.map((cells, row) => {
    const inside = cells.map((cell, column) =>
      cellXml(cell, `${columnName(column)}${row + 1}`, texts),
    )
    return `<row r="${row + 1}">${inside.join('')}</row>`
  })
  return `<?xml version="1.0"?><worksheet xmlns="${main}"><sheetData>${body.join('')}</sheetData></worksheet>`
}

/** Packs the files of a workbook. */
export const packWorkbook = (files: Readonly<Record<string, string>>): Uint8Array => {
  const encoder = new TextEncoder()
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, Uint8Array.from(encoder.encode(text))]),
    ),
  )
}

/** The files of a workbook as Excel names them, ready to be packed. */
export const workbookFiles = (
  sheets: Readonly<Record<string, readonly (readonly TestCell[])[]>>,
): Record<string, string> => {
  const texts = new Map<string, number>()
  const names = Object.keys(sheets)
  const entries = names.map((name, at) => [
    `xl/worksheets/sheet${at + 1}.xml`,
    sheetXml(sheets[name] ?? [], texts),
  ])
  const list = names.map(
    (name, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  )
  const targets = names.map(
    (_, at) => `<Relationship Id="rId${at + 1}" Target="worksheets/sheet${at + 1}.xml"/>`,
  )
  return {
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${targets.join('')}</Relationships>`,
    ...Object.fromEntries(entries),
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${[...texts.keys()].map(text => `<si><t>${escapeXml(text)}</t></si>`).join('')}</sst>`,
  }
}

/** A workbook (.xlsx) with these sheets. */
export const workbookOf = (
  sheets: Readonly<Record<string, readonly (readonly TestCell[])[]>>,
): Uint8Array => packWorkbook(workbookFiles(sheets))
