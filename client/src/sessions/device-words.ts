import { parse } from 'bowser'

/** What someone signed in with. */
interface DeviceWords {
  /** Such as “Firefox on Windows”. */
  readonly name: string
  readonly mobile: boolean
}

/** Reads a User-Agent header as people would say it. It is what the browser claims, no more. */
export const deviceWordsOf = (userAgent: string): DeviceWords => {
  // The parser takes no empty text.
  const { browser, os, platform } = parse(userAgent === '' ? ' ' : userAgent)
  const mobile = platform.type === 'mobile' || platform.type === 'tablet'
  const on = [browser.name, os.name].filter(part => part !== undefined && part !== '')
  if (on.length > 0) return { name: on.join(' on '), mobile }
  // A script names itself: “curl/8.5.0”.
  const [product = ''] = userAgent.trim().split(/[\s/]/, 1)
  return { name: product === '' ? 'Unknown browser' : product.slice(0, 40), mobile }
}
