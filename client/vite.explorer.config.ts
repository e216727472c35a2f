import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * The explorer is built by itself: in one build with the SPA the two would share files,
 * and the SPA would load parts of React and GraphQL that it has no use for.
 */
export default defineConfig({
  plugins: [react()],
  base: '/explorer/',
  // The server puts a fresh nonce in its place with every answer.
  html: { cspNonce: '__CSP_NONCE__' },
  publicDir: false,
  build: {
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
})
