import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { api, ports } from './vite.ports'

export default defineConfig({
  plugins: [react()],
  resolve: {
    // Apollo Client prints and walks documents. This package does so at a third of the size.
    // The messages are parsed at build time, so their parser need not be loaded.
    alias: {
      graphql: '@0no-co/graphql.web',
      '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js',
    },
    // `source`: the shared package as it is written, so that Vite can drop what is unused.
    // `es2015`: RxJS with the language's own classes.
    conditions: ['source', 'es2015', 'module', 'browser', 'development|production'],
  },
  // The server puts a fresh nonce in its place with every answer.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // The first that know light-dark(): rewritten for older ones it would lose its colours.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Small files become data: URLs otherwise, and the policy lets only images be those.
    assetsInlineLimit: 0,
    // Which file needs which: the benchmark adds up what a page loads.
    manifest: true,
    // Every browser that knows light-dark() knows it.
    modulePreload: { polyfill: false },
  },
  // The explorer is looked after by a server of its own.
  optimizeDeps: { entries: ['index.html'] },
  server: {
    port: ports.spa,
    strictPort: true,
    proxy: {
      '^/(graphql|account-logo\\.png|users\\.csv|my-data\\.json|operations\\.csv|schema\\.graphql|explorer/operations\\.json)':
        api,
      '^/explorer(/|$)': {
        target: `http://localhost:${ports.explorer}`,
        ws: true,
        rewrite: path => (path === '/explorer' ? '/explorer/explorer.html' : path),
      },
    },
  },
})
