import { readUserAgent } from '@rekey/shared/user-agent'

/** The browser or program with which a user signed in. */
interface DeviceWords {
  /** Such as “Firefox on Windows”. */
  readonly name: string
  readonly mobile: boolean
}

/** Describes a User-Agent header in words. The header is only what the browser claims. */
export const deviceWordsOf = (userAgent: string): DeviceWords => {
  const { browser, system, mobile } = readUserAgent(userAgent)
  const on = [browser, system].filter(part => part !== null)
  if (on.length > 0) return { name: on.join(' on '), mobile }
  // An unknown script gives its own name, such as “wget/1.24”.
  const [product = ''] = userAgent.trim().split(/[\s/]/, 1)
  return { name: product === '' ? 'Unknown browser' : product.slice(0, 40), mobile }
}
