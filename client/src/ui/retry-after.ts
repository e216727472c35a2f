/**
 * The seconds that the header Retry-After asks to wait: a number or a date (RFC 9110, 10.2.3).
 *
 * @returns undefined if there is no header, no wait, or if it cannot be read.
 */
export const retryAfterOf = (header: string | null | undefined): number | undefined => {
  if (header == null || header === '') return undefined
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return seconds > 0 ? Math.ceil(seconds) : undefined
}
