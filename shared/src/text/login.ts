import { storableText } from './storable-text.js'

// The URL class of the WHATWG, which browsers and Node have.
declare const URL: new (address: string) => { readonly hostname: string }

/** The maximum number of characters of a login, as for an address in SMTP (RFC 5321, 4.5.3.1.3). */
export const maxLoginLength = 254

// Characters that would end the host in a URL, or would be decoded there.
const endsHost = /[\s\p{Cc}/\\?#@:%[\]<>^|]/u

/**
 * A domain in lower case and in ASCII (UTS 46), the form that mail is sent to. A domain without an
 * ASCII form is returned in lower case.
 */
const asciiDomainOf = (domain: string): string => {
  const lower = domain.toLowerCase()
  if (/^[\x20-\x7e]*$/.test(lower) || endsHost.test(lower)) return lower
  try {
    const ascii = new URL(`http://${lower}`).hostname
    // Full-width digits would be read as an IP address.
    return /[^0-9.]/.test(ascii) ? ascii : lower
  } catch {
    return lower
  }
}

const divide = (login: string): [local: string, domain: string] => {
  const at = login.lastIndexOf('@')
  return at === -1 ? [login, ''] : [login.slice(0, at), login.slice(at + 1)]
}

/** A login in NFC, without the spaces around it. */
export const tidyLogin = (login: string): string => login.normalize('NFC').trim()

/**
 * The key by which logins are compared and found: all spellings of one address have the same key. It
 * is trimmed, in NFC, in lower case, and its domain is in ASCII (UTS 46). Never throws. The domain of
 * a text that is too long for a login is not converted to ASCII.
 */
export const loginKeyOf = (login: string): string => {
  const tidy = storableText(tidyLogin(login))
  const [local, domain] = divide(tidy)
  if (domain === '' || tidy.length > maxLoginLength) return tidy.toLowerCase()
  return `${local.toLowerCase()}@${asciiDomainOf(domain)}`
}

/** The key of a login in its own spelling: like {@link loginKeyOf}, but with the typed domain. */
export const spelledKeyOf = (login: string): string => storableText(tidyLogin(login)).toLowerCase()

// Invisible: control characters, format characters, and characters that are ignored in display.
const invisible = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu
// A domain in a script such as Persian or Sinhala may need the joiners: without them it is another one.
const invisibleInDomain = /(?!\u200C|\u200D)[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** A login without its invisible characters; unchanged if it has none. */
export const withoutInvisible = (login: string): string => {
  const [local, domain] = divide(login)
  const visible = local.replace(invisible, '')
  return tidyLogin(
    login.includes('@') ? `${visible}@${domain.replace(invisibleInDomain, '')}` : visible,
  )
}
