/** How a token stands by its expiry. */
type ExpiryState = 'LATER' | 'SOON' | 'EXPIRED'

const soonMs = 7 * 86_400_000

/**
 * How a token stands: in its last seven days, or the last fifth of its life where that is shorter,
 * it is time to think of another one.
 */
export const expiryStateOf = (
  { createdAt, expiresAt }: { readonly createdAt: string; readonly expiresAt: string },
  now: Date,
): ExpiryState => {
  const end = new Date(expiresAt).getTime()
  const left = end - now.getTime()
  if (left <= 0) return 'EXPIRED'
  return left < Math.min(soonMs, (end - new Date(createdAt).getTime()) / 5) ? 'SOON' : 'LATER'
}

/**
 * A call by the token that works as it stands, for a shell.
 *
 * @param origin the address of this Rekey.
 */
export const curlExample = (origin: string, token: string): string =>
  [
    `curl -sS -w '\\n' ${origin}/graphql \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"query": "{ viewer { name permissions } }"}'`,
  ].join('\n')
