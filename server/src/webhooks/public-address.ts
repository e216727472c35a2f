import ipaddr from 'ipaddr.js'

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

// These addresses are in public ranges, but a cloud provider serves them to its own machines.
const hostServices = new Set([
  // Azure's host service, which issues identities and certificates.
  '168.63.129.16',
])

/**
 * True for an address of the public internet: not loopback, private, link-local or reserved
 * (IANA's special-purpose registries, RFC 6890), and not a metadata service. IPv6 addresses
 * must be global unicast (RFC 4291, 2.4). IPv6 addresses that contain an IPv4 address (mapped,
 * compatible, NAT64, 6to4, Teredo) are not public: they can lead to any IPv4 address, also a
 * private one.
 */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address) || address.includes('%')) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast' || hostServices.has(parsed.toString())) return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast)
}
