import type { SpreadsheetAnswer } from './open-spreadsheet'
import { readSpreadsheet, SpreadsheetError } from './spreadsheet'

// Reads one workbook outside the page. The page can end this worker if it takes too long.
self.addEventListener('message', ({ data }: MessageEvent<Uint8Array>) => {
  const answer = (): SpreadsheetAnswer => {
    try {
      return { sheets: readSpreadsheet(data) }
    } catch (failure) {
      if (failure instanceof SpreadsheetError) return { problem: failure.problem }
      throw failure
    }
  }
  self.postMessage(answer())
})
