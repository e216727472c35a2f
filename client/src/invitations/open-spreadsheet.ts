import type { PlainMessageId } from '../messages/locale'
import type { Sheet } from './import-file'

/** Whether a file is a ZIP archive, as Excel workbooks (.xlsx) are. */
export const isArchive = ([first, second, third, fourth]: Uint8Array): boolean =>
  first === 0x50 && second === 0x4b && third === 0x03 && fourth === 0x04

/** Whether a file has the format of older Office versions and of workbooks with a password. */
export const isOldOffice = ([first, second, third, fourth]: Uint8Array): boolean =>
  first === 0xd0 && second === 0xcf && third === 0x11 && fourth === 0xe0

/** The message that explains why a file cannot be read. */
export interface FileProblem {
  readonly problem: PlainMessageId
}

/** The answer of the worker: the sheets, or why there are none. */
export type SpreadsheetAnswer = { readonly sheets: readonly Sheet[] } | FileProblem

// A workbook of 20,000 rows takes about a second. Reading a malicious one that would never end
// is stopped.
const maxMilliseconds = 30_000

/**
 * Reads an Excel workbook in a worker, so that a hostile or large one does not block the page.
 *
 * @returns the sheets, or the reason why they cannot be read; after half a minute at most.
 */
export const openSpreadsheet = (bytes: Uint8Array): Promise<SpreadsheetAnswer> => {
  const worker = new Worker(new URL('./spreadsheet.worker.ts', import.meta.url), { type: 'module' })
  return new Promise<SpreadsheetAnswer>(resolve => {
    const giveUp = () => resolve({ problem: 'invitations.workbook.unreadable' })
    const timer = setTimeout(giveUp, maxMilliseconds)
    worker.addEventListener('message', ({ data }: MessageEvent<SpreadsheetAnswer>) => {
      clearTimeout(timer)
      resolve(data)
    })
    worker.addEventListener('error', () => {
      clearTimeout(timer)
      giveUp()
    })
    worker.postMessage(bytes)
  }).finally(() => worker.terminate())
}
