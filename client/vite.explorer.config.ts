import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { ports } from './vite.ports'
import { workerPackages } from './vite.worker-packages'

const listed = workerPackages()

/**
 * The explorer is built by itself: in one build with the SPA the two would share files,
 * and the SPA would load parts of React and GraphQL that it has no use for.
 */
export default defineConfig({
  plugins: [react(), listed.page],
  worker: { plugins: () => [listed.worker] },
  base: '/explorer/',
  // Two servers in one folder would take each other's dependencies away.
  cacheDir: 'node_modules/.vite-explorer',
  // The server puts a fresh nonce in its place with every answer.
  html: { cspNonce: '__CSP_NONCE__' },
  publicDir: false,
  build: {
    // The licenses of the packages in the files: `npm run package` lists them.
    license: { fileName: '.vite/license.json' },
    outDir: 'dist/explorer',
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Small files become data: URLs otherwise, and the policy lets only images be those.
    assetsInlineLimit: 0,
    // The editors are this large.
    chunkSizeWarningLimit: 5000,
    rollupOptions: {
      input: 'explorer.html',
      // "use no memo" is for React's compiler, which is not at work here.
      onLog: (level, log, handler) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log)
      },
    },
  },
  // Pages are reached through the SPA's server, which hands them on.
  server: { port: ports.explorer, strictPort: true },
  optimizeDeps: {
    entries: ['explorer.html'],
    // It names its workers as only a build can read them.
    exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'],
    // What those workers load is not looked through otherwise.
    include: [
      '@graphiql/react > monaco-graphql > graphql-language-service',
      '@graphiql/react > monaco-graphql > picomatch-browser',
    ],
  },
})
