import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A range of addresses (CIDR, RFC 4632 and RFC 4291, 2.3). */
export interface AddressRange {
  /** First address and length of the prefix, such as `203.0.113.0/24`. */
  readonly text: string
  /** Whether the range contains the address. */
  contains(address: string): boolean
}

/** Why a text is rejected: it is not a range, or the range is too wide to be a restriction. */
export type AddressRangeProblem = 'INVALID' | 'TOO_WIDE'

// The widest ranges with a meaning of their own: 10.0.0.0/8 and fc00::/7. Wider ones contain a good
// part of the internet, and /0 all of it.
const minPrefix = { ipv4: 8, ipv6: 7 }

// ipaddr.js also accepts 0x7f.1 and 010.0.0.1, which other programs read as different addresses.
const parse = (text: string): Address | null => {
  if (isIP(text) === 0) return null
  const [withoutZone = ''] = text.split('%', 1)
  // ipaddr.js reads ::203.0.113.7 as IPv4-mapped; the hexadecimal form is unambiguous.
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
      const candidate = parse(text)
      return candidate !== null && candidate.kind() === kind && candidate.match(network, prefix)
    },
  }
}

/**
 * Normalizes the spelling of an address: IPv4-mapped addresses become IPv4, IPv6 follows RFC 5952,
 * zones are removed.
 *
 * @returns null if the text is not an address; headers may contain anything.
 */
export const normalizeAddress = (text: string): string | null => {
  const address = parse(text)
  return address === null ? null : textOf(address)
}

/** Whether a host in a URL or in HOST is a name or address of this machine only. */
export const isLoopbackHost = (host: string): boolean => {
  // RFC 6761, 6.3.
  if (/^(?:.{1,253}\.)?localhost\.?$/i.test(host)) return true
  return parse(host.replace(/^\[(.*)\]$/, '$1'))?.range() === 'loopback'
}

/** Parses an address or a range. A single address becomes a range that contains only itself. */
export const readAddressRange = (
  text: string,
): { readonly range: AddressRange } | { readonly problem: AddressRangeProblem } => {
  const [, addressText = '', length] =
    /^([0-9a-f:.]{2,45})(?:\/(\d{1,3}))?$/i.exec(text.trim()) ?? []
  const address = parse(addressText)
  if (address === null) return { problem: 'INVALID' }
  const bits = address.kind() === 'ipv4' ? 32 : 128
  // The prefix of an IPv4-mapped range includes the 96 bits before the IPv4 address.
  const mapped = bits === 32 && addressText.includes(':')
  const prefix = Number(length ?? (mapped ? 128 : bits)) - (mapped ? 96 : 0)
  if (prefix < 0 || prefix > bits) return { problem: 'INVALID' }
  if (prefix < minPrefix[address.kind()]) return { problem: 'TOO_WIDE' }
  return { range: rangeOf(address, prefix) }
}

/**
 * The network within which people usually move: the /24 of an IPv4 address, the /48 of an IPv6
 * address. A text that is not an address is returned as it is.
 */
export const networkOf = (text: string): string => {
  const address = parse(text)
  if (address === null) return text
  return rangeOf(address, address.kind() === 'ipv4' ? 24 : 48).text
}

/**
 * The addresses of one subscriber: an IPv4 address, or the /64 of an IPv6 address, within which
 * anyone can invent addresses (RFC 4291, 2.5.1). IPv6 addresses that stand for IPv4 ones (RFC 6052)
 * count one by one, because all of them are in a single /64. A text that is not an address is
 * returned as it is.
 */
export const subscriberOf = (text: string): string => {
  const address = parse(text)
  if (address === null || address.kind() === 'ipv4') return text
  const isTranslated = ['rfc6052', 'rfc6145'].includes(address.range())
  return isTranslated ? text : rangeOf(address, 64).text
}
