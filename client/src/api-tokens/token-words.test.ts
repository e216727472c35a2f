import { describe, expect, it } from '@jest/globals'
import { curlExample, expiryStateOf } from './token-words'

describe('the expiry state of a token', () => {
  const now = new Date('2026-07-01T12:00:00Z')

  const stateOf = (createdAt: string, expiresAt: string) =>
    expiryStateOf({ createdAt, expiresAt }, now)

  it('is SOON in its last seven days', () => {
    const created = '2026-01-01T12:00:00.000Z'
    expect(stateOf(created, '2026-07-08T12:00:00.000Z')).toBe('LATER')
    expect(stateOf(created, '2026-07-08T11:59:59.000Z')).toBe('SOON')
    expect(stateOf(created, '2026-07-01T12:00:00.001Z')).toBe('SOON')
  })

  it('is SOON in the last fifth of a short lifetime', () => {
    expect(stateOf('2026-07-01T12:00:00.000Z', '2026-07-08T12:00:00.000Z')).toBe('LATER')
    expect(stateOf('2026-06-27T12:00:00.000Z', '2026-07-02T12:00:00.000Z')).toBe('LATER')
    expect(stateOf('2026-06-27T11:59:59.000Z', '2026-07-02T11:59:59.000Z')).toBe('SOON')
  })

  it('is EXPIRED from its expiry on', () => {
    const created = '2025-06-01T12:00:00.000Z'
    expect(stateOf(created, '2026-07-01T12:00:00.000Z')).toBe('EXPIRED')
    expect(stateOf(created, '2025-07-01T12:00:00.000Z')).toBe('EXPIRED')
  })
})

describe('the curl example', () => {
  it('calls this Rekey with the token', () => {
    expect(curlExample('https://rekey.example', 'rk_live_1')).toBe(
      `curl -sS -w '\\n' https://rekey.example/graphql \\
  -H 'Authorization: Bearer rk_live_1' \\
  -H 'Content-Type: application/json' \\
  -d '{"query": "{ viewer { name permissions } }"}'`,
    )
  })
})
