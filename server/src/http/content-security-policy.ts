const policy = (directives: Record<string, string>): string =>
  Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')

/** For answers that are no page: nothing may be loaded, and nothing may frame them. */
export const apiPolicy = policy({
  'default-src': "'none'",
  // Those that default-src does not cover.
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
})

const pageDirectives = (nonce: string): Record<string, string> => ({
  'default-src': "'none'",
  'script-src': `'self' 'nonce-${nonce}'`,
  'style-src': `'self' 'nonce-${nonce}'`,
  'style-src-attr': "'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
})

/**
 * For the SPA: its own files, and nothing inline without this answer's nonce.
 * Style attributes are let through: components place their pop-ups by them, and
 * they can't run anything.
 */
export const appPolicy = (nonce: string): string => policy(pageDirectives(nonce))

/** For the explorer: as the SPA's, with our own files as workers, in which its editors check what is typed. */
export const explorerPolicy = (nonce: string): string =>
  policy({ ...pageDirectives(nonce), 'worker-src': "'self'" })

/** For Apollo Sandbox, whose page loads itself from Apollo and runs in a frame. */
export const sandboxPolicy = policy({
  'default-src': "'none'",
  'script-src': "'self' 'unsafe-inline' https://*.apollographql.com",
  'style-src': "'self' 'unsafe-inline' https://*.apollographql.com https://fonts.googleapis.com",
  'font-src': 'https://fonts.gstatic.com',
  'img-src': "'self' data: https://*.apollographql.com",
  'manifest-src': 'https://*.apollographql.com',
  'connect-src': "'self' https://*.apollographql.com",
  'frame-src': 'https://*.apollographql.com',
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
})
