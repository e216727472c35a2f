/** What another page leaves for the sign-in page in the history. */
export interface SignInState {
  /** Login whose forgotten password has just been replaced. */
  readonly passwordResetOf?: string
}

/** The address of the sign-in page that leads back to where someone was. */
export const signInAddress = (next: string, reason?: 'ended'): string => {
  const parameters = new URLSearchParams()
  if (next !== '/' && next !== '') parameters.set('next', next)
  if (reason !== undefined) parameters.set('reason', reason)
  const query = parameters.toString()
  return query === '' ? '/sign-in' : `/sign-in?${query}`
}

/**
 * Where to go after signing in. Anyone can put anything into a link, so only a path
 * of our own is followed (OWASP Unvalidated Redirects): browsers read `//host` and
 * `/\host` as addresses of others.
 */
export const safeNext = (next: string | null): string => {
  if (next === null || !/^\/(?![/\\])/.test(next) || /[\p{Cc}\\]/u.test(next)) return '/'
  const target = new URL(next, 'https://here.invalid')
  if (target.origin !== 'https://here.invalid' || target.pathname === '/sign-in') return '/'
  // Without its dot segments, `/.//host` is one of others as well.
  return target.pathname.startsWith('//') ? '/' : target.pathname + target.search
}
