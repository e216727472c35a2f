import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A range of addresses (CIDR, RFC 4632 and RFC 4291, 2.3). */
export interface AddressRange {
  /** First address and length of the prefix, such as `203.0.113.0/24`. */
  readonly text: string
  /** True for an address within. */
  contains(address: string): boolean
}

/** A text that is no range, or one so wide that it says nothing. */
export type AddressRangeProblem = 'INVALID' | 'TOO_WIDE'

// The widest with a meaning of their own: 10.0.0.0/8 and fc00::/7. Wider ones hold a
// good part of the internet, and /0 all of it.
const shortestPrefix = { ipv4: 8, ipv6: 7 }

// ipaddr.js also reads 0x7f.1 and 010.0.0.1; other programs take those for another address.
const parse = (text: string): Address | null => {
  if (isIP(text) === 0) return null
  const [withoutZone = ''] = text.split('%', 1)
  // ipaddr.js takes ::203.0.113.7 for IPv4-mapped; in hexadecimal there is no mistaking.
  const isMixed = withoutZone.includes(':') && withoutZone.includes('.')
  const plain = isMixed ? new URL(`http://[${withoutZone}]`).hostname.slice(1, -1) : withoutZone
  // An IPv4-mapped IPv6 address is the IPv4 address (RFC 4291, 2.5.5.2).
  return ipaddr.process(plain)
}

const textOf = (address: Address): string =>
  address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString()

const rangeOf = (address: Address, prefix: number): AddressRange => {
  const kind = address.kind()
  const { [kind === 'ipv4' ? 'IPv4' : 'IPv6']: family } = ipaddr
  const network = family.networkAddressFromCIDR(`${address.toString()}/${prefix}`)
  return {
    text: `${textOf(network)}/${prefix}`,
    contains: text => {
      const given = parse(text)
      return given !== null && given.kind() === kind && given.match(network, prefix)
    },
  }
}

/**
 * An address in its usual spelling: IPv4 where it is IPv4-mapped, without a zone, IPv6
 * as RFC 5952 has it.
 *
 * @returns null for what is no address, as headers may hold anything.
 */
export const normalizeAddress = (text: string): string | null => {
  const address = parse(text)
  return address === null ? null : textOf(address)
}

/** True for a name or address of this machine alone, as a URL or HOST has it. */
export const isLoopbackHost = (host: string): boolean => {
  // RFC 6761, 6.3.
  if (/^(?:.{1,253}\.)?localhost\.?$/i.test(host)) return true
  return parse(host.replace(/^\[(.*)\]$/, '$1'))?.range() === 'loopback'
}

/** Reads an address or a range; one address is a range of its own. */
export const readAddressRange = (
  text: string,
): { readonly range: AddressRange } | { readonly problem: AddressRangeProblem } => {
  const [, given = '', length] = /^([0-9a-f:.]{2,45})(?:\/(\d{1,3}))?$/i.exec(text.trim()) ?? []
  const address = parse(given)
  if (address === null) return { problem: 'INVALID' }
  const bits = address.kind() === 'ipv4' ? 32 : 128
  // Of an IPv4-mapped range the prefix counts the 96 bits before the IPv4 address as well.
  const mapped = bits === 32 && given.includes(':')
  const prefix = Number(length ?? (mapped ? 128 : bits)) - (mapped ? 96 : 0)
  if (prefix < 0 || prefix > bits) return { problem: 'INVALID' }
  if (prefix < shortestPrefix[address.kind()]) return { problem: 'TOO_WIDE' }
  return { range: rangeOf(address, prefix) }
}

/**
 * The network an address is in, as far as people move about within theirs: the /24 of an
 * IPv4 address, the /48 of an IPv6 one. What is no address is a network of its own.
 */
export const networkOf = (text: string): string => {
  const address = parse(text)
  if (address === null) return text
  return rangeOf(address, address.kind() === 'ipv4' ? 24 : 48).text
}

/**
 * What is given to one subscriber: an IPv4 address, or the /64 of an IPv6 one, within
 * which anyone can make up addresses of their own (RFC 4291, 2.5.1); but for those that
 * stand for an IPv4 one (RFC 6052), all of which are in one /64. What is no address is one of its own.
 */
export const subscriberOf = (text: string): string => {
  const address = parse(text)
  if (address === null || address.kind() === 'ipv4') return text
  const isTranslated = ['rfc6052', 'rfc6145'].includes(address.range())
  return isTranslated ? text : rangeOf(address, 64).text
}
