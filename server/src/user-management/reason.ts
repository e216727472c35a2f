/** The maximum length of a reason, in UTF-16 code units as it was sent. */
export const maxReasonLength = 500

/** The reason of an action as it is stored: one line, or null if there is none. */
export const readReason = (written: string): string | null => {
  // Control and format characters could make a line of the operation list look like another one.
  const reason = written
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  return reason === '' ? null : reason
}
