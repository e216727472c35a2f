/** The data that another page passes to the sign-in page in the history. */
export interface SignInState {
  /** The login whose forgotten password was just replaced. */
  readonly passwordResetOf?: string
}

/** The address of the sign-in page that leads back to the current page. */
export const signInAddress = (next: string, reason?: 'ended'): string => {
  const parameters = new URLSearchParams()
  if (next !== '/' && next !== '') parameters.set('next', next)
  if (reason !== undefined) parameters.set('reason', reason)
  const query = parameters.toString()
  return query === '' ? '/sign-in' : `/sign-in?${query}`
}

/**
 * The address to open after signing in. Anyone can put any address into a link, so only paths of
 * this site are allowed (OWASP Unvalidated Redirects). Browsers read `//host` and `/\host` as
 * addresses of other sites.
 */
export const safeNext = (next: string | null): string => {
  if (next === null || !/^\/(?![/\\])/.test(next) || /[\p{Cc}\\]/u.test(next)) return '/'
  const target = new URL(next, 'https://here.invalid')
  if (target.origin !== 'https://here.invalid' || target.pathname === '/sign-in') return '/'
  // Without its dot segments, `/.//host` is also an address of another site.
  return target.pathname.startsWith('//') ? '/' : target.pathname + target.search
}

/** The address to open after signing in on a sign-in page with these parameters. */
export const nextAddress = (parameters: URLSearchParams): string => safeNext(parameters.get('next'))
