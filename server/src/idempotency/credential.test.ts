import { describe, expect, it } from '@jest/globals'
import { credentialOf } from './credential.js'

describe('what a request proves itself with', () => {
  it.each([
    ['Bearer rk_live_abc', 'session', 'rk_live_abc'],
    ['bearer  rk_live_abc', undefined, 'rk_live_abc'],
    [undefined, 'session', 'session'],
    // For a proxy in front, or for /metrics.
    ['Basic cmVrZXk6c2VjcmV0', 'session', 'session'],
    ['Bearer something-else', 'session', 'session'],
    ['Bearer', undefined, undefined],
    [undefined, undefined, undefined],
  ])('is with Authorization %j and the session token %j: %j', (header, session, expected) => {
    expect(credentialOf(header, session)).toBe(expected)
  })
})
