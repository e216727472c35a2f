import { describe, expect, it } from '@jest/globals'
import { curlExample, expiryStateOf } from './token-words'

describe('how a token stands', () => {
  const now = new Date('2026-07-01T12:00:00Z')

  it('is soon over in its last seven days', () => {
    expect(expiryStateOf('2026-07-08T12:00:00.000Z', now)).toBe('LATER')
    expect(expiryStateOf('2026-07-08T11:59:59.000Z', now)).toBe('SOON')
    expect(expiryStateOf('2026-07-01T12:00:00.001Z', now)).toBe('SOON')
  })

  it('is over from its expiry on', () => {
    expect(expiryStateOf('2026-07-01T12:00:00.000Z', now)).toBe('EXPIRED')
    expect(expiryStateOf('2025-07-01T12:00:00.000Z', now)).toBe('EXPIRED')
  })
})

describe('the example', () => {
  it('is a command that calls this Rekey by the token', () => {
    expect(curlExample('https://rekey.example', 'rk_live_1')).toBe(
      `curl https://rekey.example/graphql \\
  -H 'Authorization: Bearer rk_live_1' \\
  -H 'Content-Type: application/json' \\
  -d '{"query": "{ viewer { name permissions } }"}'`,
    )
  })
})
