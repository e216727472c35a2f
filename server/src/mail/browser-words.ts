import { readUserAgent } from '@rekey/shared/user-agent'

/**
 * A User-Agent header in words of ours, such as “Firefox on Windows”. Never in its own: whoever
 * asks for a mail to someone would write into it what they like, under the name of this site.
 */
export const browserWordsOf = (userAgent: string): string => {
  const { browser, system } = readUserAgent(userAgent)
  const name = browser ?? 'a browser or program we don’t know'
  return system === null ? name : `${name} on ${system}`
}
