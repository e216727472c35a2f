/** How a token stands by its expiry. */
export type ExpiryState = 'LATER' | 'SOON' | 'EXPIRED'

const soonMs = 7 * 86_400_000

/** How a token stands: in its last seven days it is time to think of another one. */
export const expiryStateOf = (expiresAt: string, now: Date): ExpiryState => {
  const left = new Date(expiresAt).getTime() - now.getTime()
  if (left <= 0) return 'EXPIRED'
  return left < soonMs ? 'SOON' : 'LATER'
}

/**
 * A call by the token that works as it stands, for a shell.
 *
 * @param origin the address of this Rekey.
 */
export const curlExample = (origin: string, token: string): string =>
  [
    `curl ${origin}/graphql \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"query": "{ viewer { name permissions } }"}'`,
  ].join('\n')
