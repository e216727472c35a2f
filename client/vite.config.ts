import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { graphql } from './src/gql'
import { api, ports } from './vite.ports'
import { workerPackages } from './vite.worker-packages'

/**
 * Replaces each graphql(`…`) with the document that codegen generated for it. Codegen keeps all
 * documents together, and each page would load those of all pages.
 */
const documentsInPlace: Plugin = {
  name: 'documents-in-place',
  apply: 'build',
  enforce: 'pre',
  transform: {
    filter: { id: /\/client\/src\/.*\.tsx?$/, code: 'graphql(`' },
    handler: code =>
      code.replace(/\bgraphql\(`([^`]*)`\)/g, (_, text: string) => {
        const document = graphql(text)
        if (!('kind' in Object(document))) throw new Error(`Codegen has not seen ${text}`)
        // The line breaks keep the line numbers right. A statement cannot start with a brace.
        const lines = '\n'.repeat(text.split('\n').length - 1)
        return `/* @__PURE__ */ Object(${JSON.stringify(document)}${lines})`
      }),
  },
}

/**
 * Runs in the browser. Chooses the language as main.tsx does: the tag itself, or its language without
 * the region.
 */
const preloadTexts = `files => {
  let chosen = ''
  try { chosen = localStorage.getItem('rekey.language') ?? '' } catch {}
  const { defaultLanguage } = document.documentElement.dataset
  const wanted = [chosen, ...navigator.languages, defaultLanguage, 'en']
  const found = wanted.flatMap(tag => files[tag] ?? files[tag.split('-')[0]] ?? [])
  const link = { rel: 'modulepreload', crossOrigin: '', href: found[0] }
  document.head.append(Object.assign(document.createElement('link'), link))
}`

/**
 * Loads the texts of the sign-in page at the same time as the script, in the language of the page.
 * The script is above the styles, because it would wait for them.
 */
const preloadedTexts: Plugin = {
  name: 'preloaded-texts',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) => {
      const files = Object.values(bundle).flatMap(file => {
        const module = file.type === 'chunk' ? file.facadeModuleId : null
        const [, tag] = /\/signIn\.(.+)\.ts$/.exec(module ?? '') ?? []
        return tag === undefined ? [] : [[tag, `/${file.fileName}`]]
      })
      const script = `(${preloadTexts})(${JSON.stringify(Object.fromEntries(files))})`
      return html.replace('<title>', title => `<script>${script}</script>\n    ${title}`)
    },
  },
}

const listed = workerPackages()

export default defineConfig({
  plugins: [documentsInPlace, preloadedTexts, react(), listed.page],
  worker: { plugins: () => [listed.worker] },
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
    // The licenses of the packages in the files: `npm run package` lists them.
    license: { fileName: '.vite/license.json' },
    target: 'es2022',
    // The first that know light-dark(): rewritten for older ones it would lose its colours.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Small files become data: URLs otherwise, and the policy lets only images be those.
    assetsInlineLimit: 0,
    // Which file needs which: the benchmark adds up what a page loads.
    manifest: true,
    // Every browser that knows light-dark() knows it.
    modulePreload: { polyfill: false },
    // One file for the sign-in page, one for what all other pages have, and one for the Users page,
    // each with what it imports. By default each module that several pages use has its own file,
    // and over HTTP/1.1 a browser loads only six files at a time.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'sign-in', tags: ['$initial'], priority: 3 },
            { name: 'console', test: /\/client\/src\/app\/Console\.tsx$/, priority: 2 },
            { name: 'users', test: /\/client\/src\/users\/UsersPage\.tsx$/, priority: 1 },
          ],
        },
      },
    },
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
