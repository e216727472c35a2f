import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  isLoopbackHost,
  networkOf,
  normalizeAddress,
  readAddressRange,
  subscriberOf,
} from './ip-address.js'

const rangeText = (text: string): string => {
  const read = readAddressRange(text)
  return 'range' in read ? read.range.text : read.problem
}

const isWithin = (address: string, range: string): boolean => {
  const read = readAddressRange(range)
  return 'range' in read && read.range.contains(address)
}

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:cb00:7107', '203.0.113.7'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s is normalized to %s', (text, written) => {
    expect(normalizeAddress(text)).toBe(written)
  })

  it.each([
    '',
    'unknown',
    '203.0.113',
    '0x7f.1',
    '010.0.0.1',
    '1.2.3.4:80',
    '[::1]',
    '1.2.3.4, 5.6.7.8',
    '203.0.113.7/24',
  ])('%j is not an address', text => {
    expect(normalizeAddress(text)).toBeNull()
  })
})

describe('a range', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7/32'],
    [' 203.0.113.7/24 ', '203.0.113.0/24'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:DB8::1', '2001:db8::1/128'],
    ['2001:db8:1:2::5/48', '2001:db8:1::/48'],
    ['fc00::/7', 'fc00::/7'],
    ['::ffff:203.0.113.7', '203.0.113.7/32'],
    ['::ffff:203.0.113.7/120', '203.0.113.0/24'],
  ])('%s is normalized to %s', (text, written) => {
    expect(rangeText(text)).toBe(written)
  })

  it.each(['0.0.0.0/0', '10.0.0.0/7', '::/0', '2000::/3', '::ffff:0.0.0.0/96'])(
    'rejects %s as too wide',
    text => {
      expect(rangeText(text)).toBe('TOO_WIDE')
    },
  )

  it.each([
    '',
    'everyone',
    '203.0.113.0/33',
    '2001:db8::/129',
    '203.0.113.0/-1',
    '203.0.113.0/24/24',
    '203.0.113.0/ 24',
    '203.0.113.0/024.0',
    '::ffff:203.0.113.0/64',
    'fe80::1%eth0/64',
    '203.0.113.٧',
    "203.0.113.7' OR 1=1",
  ])('%j is not a range', text => {
    expect(rangeText(text)).toBe('INVALID')
  })

  it('rejects a range of unlimited length', () => {
    expect(rangeText('1'.repeat(100_000))).toBe('INVALID')
    expect(rangeText(`203.0.113.7/${'0'.repeat(100_000)}`)).toBe('INVALID')
    expect(normalizeAddress('1'.repeat(100_000))).toBeNull()
  })

  it('separates IPv4 and IPv6, except for IPv4-mapped addresses', () => {
    expect(isWithin('::ffff:203.0.113.9', '203.0.113.0/24')).toBe(true)
    expect(isWithin('203.0.113.9', '::ffff:203.0.113.0/120')).toBe(true)
    expect(isWithin('203.0.114.9', '203.0.113.0/24')).toBe(false)
    expect(isWithin('2001:db8::9', '203.0.113.0/24')).toBe(false)
    expect(isWithin('::203.0.113.9', '203.0.113.0/24')).toBe(false)
    expect(isWithin('unknown', '203.0.113.0/24')).toBe(false)
  })

  it('covers the address it was made of, however it is written', () => {
    const address = fc.oneof(
      fc.ipV4().map(text => ({ text, shortest: 8, bits: 32 })),
      fc.ipV6().map(text => ({ text, shortest: 7, bits: 128 })),
    )
    fc.assert(
      fc.property(address, fc.nat(), ({ text, shortest, bits }, any) => {
        // fast-check also generates IPv4-mapped and zero-prefixed addresses.
        const canonical = normalizeAddress(text)
        if (canonical === null) return
        const mapped = bits === 128 && !canonical.includes(':')
        const prefix = mapped ? 128 : shortest + (any % (bits - shortest + 1))
        const written = rangeText(`${text}/${prefix}`)
        expect(isWithin(canonical, written)).toBe(true)
        expect(rangeText(written)).toBe(written)
      }),
    )
  })
})

describe('a subscriber', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::4', '2001:db8:1:3::/64'],
    // Each is an IPv4 address behind a translator.
    ['64:ff9b::cb00:7107', '64:ff9b::cb00:7107'],
    ['unknown', 'unknown'],
  ])('is derived from %s as %s', (address, subscriber) => {
    expect(subscriberOf(address)).toBe(subscriber)
  })
})

describe('a network', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.0/24'],
    ['2001:db8:1:2:3::4', '2001:db8:1::/48'],
    ['unknown', 'unknown'],
  ])('is derived from %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('a host', () => {
  it.each([
    'localhost',
    'LocalHost',
    'panel.localhost',
    'localhost.',
    '127.0.0.1',
    '127.8.9.1',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
  ])('%s is only this machine', host => {
    expect(isLoopbackHost(host)).toBe(true)
  })

  it.each([
    '',
    '0.0.0.0',
    '::',
    '[::]',
    '10.0.0.1',
    'localhost.example.com',
    'mylocalhost',
    '127.0.0.1.example.com',
    '0x7f.1',
  ])('%j is not only this machine', host => {
    expect(isLoopbackHost(host)).toBe(false)
  })
})
