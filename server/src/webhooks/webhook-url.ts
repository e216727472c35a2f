import { isIP } from 'node:net'
import { type Text, text } from '../messages/language.js'
import { isPublicAddress } from './public-address.js'

/** The maximum length of a URL, in characters. */
const maxUrlLength = 2_000

// Other protocols listen on lower ports, and an attacker could smuggle commands to them.
const minPort = 1_024

/** The host without the brackets around an IPv6 address. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

/**
 * Explains why the URL itself is not allowed; null if it is. The addresses that its host
 * resolves to are checked when a request is sent.
 *
 * URLs are parsed as browsers parse them (WHATWG URL). So 0x7f.1, 2130706433 and 0177.0.0.1
 * have already become 127.0.0.1 when they are checked.
 */
export const problemOfUrl = (url: URL, allowPrivate: boolean): Text | null => {
  if (url.username !== '' || url.password !== '') {
    return text('webhooks.url.credentials')
  }
  if (url.hash !== '') return text('webhooks.url.fragment')
  if (allowPrivate) {
    return url.protocol === 'https:' || url.protocol === 'http:'
      ? null
      : text('webhooks.error.urlNotHttp')
  }
  if (url.protocol !== 'https:') return text('webhooks.error.urlNotHttps')
  if (url.port !== '' && Number(url.port) < minPort) {
    return text('webhooks.error.urlPort', { min: String(minPort) })
  }
  const host = hostOf(url)
  const isLocalName = /(^|\.)(localhost|local|internal)\.?$/.test(host)
  if (isLocalName || (isIP(host) !== 0 && !isPublicAddress(host))) {
    return text('webhooks.error.urlPrivate')
  }
  return null
}

/** Validates an entered URL. Returns the normalized URL, or a message that explains the problem. */
export const readWebhookUrl = (
  typed: string,
  allowPrivate: boolean,
): { readonly url: string } | { readonly problem: Text } => {
  const trimmed = typed.trim()
  if (trimmed.length > maxUrlLength) {
    return { problem: text('webhooks.error.urlTooLong', { max: maxUrlLength }) }
  }
  if (!URL.canParse(trimmed)) {
    return { problem: text('webhooks.url.malformed') }
  }
  const url = new URL(trimmed)
  const problem = problemOfUrl(url, allowPrivate)
  return problem === null ? { url: url.href } : { problem }
}
