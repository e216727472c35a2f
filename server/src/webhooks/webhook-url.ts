import { isIP } from 'node:net'
import { isPublicAddress } from './public-address.js'

/** Longest URL, in characters. */
const longestUrl = 2_000

// Below, other protocols listen that something could be smuggled to.
const firstFreePort = 1_024

/** The host as it is looked up: an IPv6 address without its brackets. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

/**
 * Why nothing may be sent to this URL, as far as it can be seen of the URL itself; null
 * when nothing speaks against it. Where its host leads is seen when it is called.
 *
 * URLs are read as browsers read them (WHATWG URL): 0x7f.1, 2130706433 and 0177.0.0.1 are
 * 127.0.0.1 before anything is judged.
 */
export const problemOfUrl = (url: URL, allowPrivate: boolean): string | null => {
  if (url.username !== '' || url.password !== '') {
    return 'Leave user and password out: the signature shows who sends.'
  }
  if (url.hash !== '') return 'Leave out what follows the #: it is never sent.'
  if (allowPrivate) {
    return url.protocol === 'https:' || url.protocol === 'http:'
      ? null
      : 'The address begins with https:// or http://.'
  }
  if (url.protocol !== 'https:') return 'The address begins with https://.'
  if (url.port !== '' && Number(url.port) < firstFreePort) {
    return `The port is 443, or ${firstFreePort} and above.`
  }
  const host = hostOf(url)
  const isLocalName = /(^|\.)(localhost|local|internal)\.?$/.test(host)
  if (isLocalName || (isIP(host) !== 0 && !isPublicAddress(host))) {
    return 'The address has to be one of the public internet.'
  }
  return null
}

/** Reads a typed URL: as it is to be kept, or what is wrong with it. */
export const readWebhookUrl = (
  typed: string,
  allowPrivate: boolean,
): { readonly url: string } | { readonly problem: string } => {
  const trimmed = typed.trim()
  if (trimmed.length > longestUrl) return { problem: `At most ${longestUrl} characters.` }
  if (!URL.canParse(trimmed)) {
    return { problem: 'This is no address such as https://example.com/webhooks.' }
  }
  const url = new URL(trimmed)
  const problem = problemOfUrl(url, allowPrivate)
  return problem === null ? { url: url.href } : { problem }
}
