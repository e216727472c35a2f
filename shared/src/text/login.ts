import { storableText } from './storable-text.js'

// Of the WHATWG, in browsers and in Node.
declare const URL: new (address: string) => { readonly hostname: string }

/** Most characters of a login, as of an address in SMTP (RFC 5321, 4.5.3.1.3). */
export const maxLoginLength = 254

// What would end a host in a URL, or be decoded there.
const endsHost = /[\s\p{Cc}/\\?#@:%[\]<>^|]/u

/**
 * A domain in lower case and in ASCII (UTS 46), which is what mail is sent to. One that has no
 * such form is returned in lower case.
 */
const asciiDomainOf = (domain: string): string => {
  const lower = domain.toLowerCase()
  if (/^[\x20-\x7e]*$/.test(lower) || endsHost.test(lower)) return lower
  try {
    const ascii = new URL(`http://${lower}`).hostname
    // Digits of full width would be read as an IP address.
    return /[^0-9.]/.test(ascii) ? ascii : lower
  } catch {
    return lower
  }
}

const divide = (login: string): [local: string, domain: string] => {
  const at = login.lastIndexOf('@')
  return at === -1 ? [login, ''] : [login.slice(0, at), login.slice(at + 1)]
}

/** A login without the spaces around it, in NFC. */
export const tidyLogin = (login: string): string => login.normalize('NFC').trim()

/**
 * The key by which logins are compared and found: two spellings of one address have the same.
 * Trimmed, NFC, in lower case, the domain in ASCII (UTS 46). Never throws, whatever is given;
 * what is longer than a login can be is returned without its domain in ASCII.
 */
export const loginKeyOf = (login: string): string => {
  const tidy = storableText(tidyLogin(login))
  const [local, domain] = divide(tidy)
  if (domain === '' || tidy.length > maxLoginLength) return tidy.toLowerCase()
  return `${local.toLowerCase()}@${asciiDomainOf(domain)}`
}

/** The key of a login in its own spelling: as {@link loginKeyOf}, but with the domain as it is typed. */
export const spelledKeyOf = (login: string): string => storableText(tidyLogin(login)).toLowerCase()

// Nobody sees them: controls, format characters, and what is ignored where it is shown.
const invisible = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu
// A domain in a script such as Persian or Sinhala may need the joiners: without them it is another one.
const invisibleInDomain = /(?!\u200C|\u200D)[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** A login without the characters that nobody can see; the same when it has none. */
export const withoutInvisible = (login: string): string => {
  const [local, domain] = divide(login)
  const visible = local.replace(invisible, '')
  return tidyLogin(
    login.includes('@') ? `${visible}@${domain.replace(invisibleInDomain, '')}` : visible,
  )
}
