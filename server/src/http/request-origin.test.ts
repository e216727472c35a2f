import { describe, expect, it } from '@jest/globals'
import type { FastifyRequest } from 'fastify'
import { addressOf } from './request-origin.js'

describe('the address of a request', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:51234', '192.0.2.1'],
    ['[2001:db8::1]:51234', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['<script>', 'unknown'],
    // The connection was closed while its request was read.
    [undefined, 'unknown'],
  ])('%s is %s', (remoteAddress, address) => {
    expect(addressOf({ ip: remoteAddress } as FastifyRequest)).toBe(address)
  })
})
