import { readUserAgent } from '@rekey/shared/user-agent'
import type { Translate } from '../messages/locale'

/** The browser or program with which a user signed in. */
interface DeviceWords {
  /** Such as “Firefox on Windows”. */
  readonly name: string
  readonly mobile: boolean
}

/** Describes a User-Agent header in words. The header is only what the browser claims. */
export const deviceWordsOf = (t: Translate, userAgent: string): DeviceWords => {
  const { browser, system, mobile } = readUserAgent(userAgent)
  if (browser !== null && system !== null) {
    return { name: t('sessions.device.name', { browser, system }), mobile }
  }
  const known = browser ?? system
  if (known !== null) return { name: known, mobile }
  // An unknown script gives its own name, such as “wget/1.24”.
  const [product = ''] = userAgent.trim().split(/[\s/]/, 1)
  return { name: product === '' ? t('sessions.device.unknown') : product.slice(0, 40), mobile }
}
