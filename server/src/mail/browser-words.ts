import { readUserAgent } from '@rekey/shared/user-agent'
import type { Language } from '../messages/language.js'

/**
 * A User-Agent header in our own words, such as “Firefox on Windows”. Mails never quote the header
 * itself: a person who causes a mail to someone else could put any text into it, under the name of
 * this site.
 */
export const browserWordsOf = ({ t }: Language, userAgent: string): string => {
  const { browser, system } = readUserAgent(userAgent)
  const name = browser ?? t('mail.unknownBrowser')
  return system === null ? name : t('mail.browser', { browser: name, system })
}
