import { readUserAgent } from '@rekey/shared/user-agent'

/** What someone signed in with. */
interface DeviceWords {
  /** Such as “Firefox on Windows”. */
  readonly name: string
  readonly mobile: boolean
}

/** Reads a User-Agent header as people would say it. It is what the browser claims, no more. */
export const deviceWordsOf = (userAgent: string): DeviceWords => {
  const { browser, system, mobile } = readUserAgent(userAgent)
  const on = [browser, system].filter(part => part !== null)
  if (on.length > 0) return { name: on.join(' on '), mobile }
  // A script that we don't know names itself: “wget/1.24”.
  const [product = ''] = userAgent.trim().split(/[\s/]/, 1)
  return { name: product === '' ? 'Unknown browser' : product.slice(0, 40), mobile }
}
