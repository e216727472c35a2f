import { describe, expect, it } from '@jest/globals'
import type { FastifyRequest } from 'fastify'
import { bearerTokenOf, hasMisplacedToken } from './bearer-token.js'

describe('the API token a request came with', () => {
  it.each([
    ['Bearer rk_live_abc', 'rk_live_abc'],
    ['bearer  rk_live_abc', 'rk_live_abc'],
    // For a proxy in front, or for /metrics.
    ['Basic cmVrZXk6c2VjcmV0', undefined],
    ['Bearer something-else', undefined],
    ['Bearer', undefined],
    [undefined, undefined],
    [`Bearer rk_live_${'a'.repeat(10_000)}`, `rk_live_${'a'.repeat(192)}`],
  ])('is read from Authorization %j: %j', (authorization, expected) => {
    expect(bearerTokenOf({ headers: { authorization } } as FastifyRequest)).toBe(expected)
  })
})

describe('an API token that is not sent as a Bearer', () => {
  it.each([
    ['rk_live_abc', true],
    ['Token rk_live_abc', true],
    // This is not valid Basic either: base64 has no underscore.
    ['Basic rk_live_abc', true],
    ['Bearer: rk_live_abc', true],
    ['Bearer "rk_live_abc"', true],
    ['Bearer', true],
    ['bearer ', true],
    ['Bearer rk_live_abc', false],
    ['Bearer something-else', false],
    ['Basic cmVrZXk6c2VjcmV0', false],
    ['', false],
    [undefined, false],
  ])('is detected in Authorization %j: %j', (authorization, expected) => {
    expect(hasMisplacedToken({ headers: { authorization } } as FastifyRequest)).toBe(expected)
  })
})
