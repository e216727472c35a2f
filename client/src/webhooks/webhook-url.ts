import type { PlainMessageId } from '../messages/locale'

/** Explains what is wrong with a URL, as far as the browser can tell; null if nothing is. */
export const problemOfUrl = (typed: string): PlainMessageId | null => {
  if (typed === '') return 'webhooks.url.missing'
  if (!/^https?:\/\/[^/]/i.test(typed) || !URL.canParse(typed)) {
    return 'webhooks.url.malformed'
  }
  const { username, password, hash } = new URL(typed)
  if (username !== '' || password !== '') {
    return 'webhooks.url.credentials'
  }
  // The server checks the rest: its settings decide whether http and private hosts are allowed.
  return hash === '' ? null : 'webhooks.url.fragment'
}
