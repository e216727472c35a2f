import { readUserAgent } from '@rekey/shared/user-agent'

/**
 * A User-Agent header in our own words, such as “Firefox on Windows”. Mails never quote the header
 * itself: a person who causes a mail to someone else could put any text into it, under the name of
 * this site.
 */
export const browserWordsOf = (userAgent: string): string => {
  const { browser, system } = readUserAgent(userAgent)
  const name = browser ?? 'a browser or program we don’t know'
  return system === null ? name : `${name} on ${system}`
}
