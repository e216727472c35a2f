const policy = (directives: Record<string, string>): string =>
  Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ')

/** For responses that are not a page: they may load nothing, and no page may frame them. */
export const apiPolicy = policy({
  'default-src': "'none'",
  // default-src does not cover these directives.
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
 * For the SPA: it may load its own files, and inline code only with the nonce of this response.
 * Style attributes are allowed, because components position pop-ups with them and they cannot run
 * code.
 */
export const appPolicy = (nonce: string): string => policy(pageDirectives(nonce))

/**
 * For the explorer: like the SPA's, plus own files as workers, in which its editors check the text.
 */
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
