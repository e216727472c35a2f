/** How near the expiry of a token is. */
type ExpiryState = 'LATER' | 'SOON' | 'EXPIRED'

const soonMs = 7 * 86_400_000

/**
 * How near the expiry of a token is. SOON means its last seven days, or the last fifth of its
 * lifetime if that is shorter.
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
 * A shell command that calls the API with the token.
 *
 * @param origin the URL of this Rekey.
 */
export const curlExample = (origin: string, token: string): string =>
  [
    `curl -sS -w '\\n' ${origin}/graphql \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"query": "{ viewer { name permissions } }"}'`,
  ].join('\n')
