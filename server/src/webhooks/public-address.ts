import ipaddr from 'ipaddr.js'

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

// In public ranges, and yet of the network that a machine of that cloud is in.
const hostServices = new Set([
  // Azure's, which hands out identities and certificates.
  '168.63.129.16',
])

/**
 * True for an address of the public internet: not loopback, private, link-local or
 * reserved (IANA's special-purpose registries, RFC 6890), no metadata service, and of
 * IPv6 only what is global unicast (RFC 4291, 2.4). What carries an IPv4 address within
 * (mapped, compatible, NAT64, 6to4, Teredo) is none: it leads wherever that one does.
 */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address) || address.includes('%')) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast' || hostServices.has(parsed.toString())) return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast)
}
