const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a request's Origin may send cookies here (OWASP CSRF Prevention Cheat
 * Sheet). Without the header it is no browser's cross-site request: browsers send
 * it with every POST.
 *
 * Where the public address is on loopback, its other spellings are as good: people
 * type localhost and 127.0.0.1 alike, and both are this machine.
 */
export const isAllowedOrigin = (origin: string | undefined, publicUrl: URL): boolean => {
  if (origin === undefined || origin === publicUrl.origin) return true
  if (!loopback.has(publicUrl.hostname) || !URL.canParse(origin)) return false
  const from = new URL(origin)
  return (
    from.origin === origin &&
    from.protocol === publicUrl.protocol &&
    from.port === publicUrl.port &&
    loopback.has(from.hostname)
  )
}
