import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // `source`: the shared package as it is written, so that Vite can drop what is unused.
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  // The server puts a fresh nonce in its place with every answer.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // The first that know light-dark(): rewritten for older ones it would lose its colours.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Small files become data: URLs otherwise, and the policy lets only images be those.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ['/graphql', '/my-data.json', '/operations.csv'].map(path => [path, 'http://127.0.0.1:4000']),
    ),
  },
})
