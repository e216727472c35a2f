import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  Kind,
  parse,
  visit,
} from 'graphql'
import { defineConfig, type Plugin } from 'vite'
import { api, ports } from './vite.ports'

const sourceDir = join(dirname(fileURLToPath(import.meta.url)), 'src')
const documentCalls = /\bgraphql\((`[^`]*`)\)/g

const parsed = (text: string): DocumentNode => parse(text.slice(1, -1), { noLocation: true })

/** Every fragment of the source, by its name. */
const readFragments = (): Map<string, FragmentDefinitionNode> => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const file of readdirSync(sourceDir, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || file.startsWith('gql')) continue
    const code = readFileSync(join(sourceDir, file), 'utf8')
    for (const [, text = ''] of code.matchAll(documentCalls)) {
      for (const definition of parsed(text).definitions) {
        if (definition.kind === Kind.FRAGMENT_DEFINITION) {
          fragments.set(definition.name.value, definition)
        }
      }
    }
  }
  return fragments
}

/** The document with the fragments it spreads, and those that they spread. */
const withFragments = (
  { kind, definitions }: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode => {
  const spread = new Map<string, FragmentDefinitionNode>()
  const gather = (node: ASTNode): void => {
    const onSpread = ({ name: { value } }: FragmentSpreadNode) => {
      const fragment = fragments.get(value)
      if (fragment === undefined || spread.has(value)) return
      spread.set(value, fragment)
      gather(fragment)
    }
    visit(node, { [Kind.FRAGMENT_SPREAD]: onSpread })
  }
  definitions.forEach(gather)
  return { kind, definitions: [...definitions, ...spread.values()] }
}

/**
 * Puts each document in its own place, parsed: `graphql()` looks it up in a list of all,
 * which every page would load.
 */
const ownDocuments = (): Plugin => {
  let fragments: ReadonlyMap<string, FragmentDefinitionNode> = new Map()
  return {
    name: 'own-documents',
    enforce: 'pre',
    apply: 'build',
    buildStart: () => {
      fragments = readFragments()
    },
    transform(code, id) {
      if (!code.includes('graphql(`') || id.includes('/src/gql/')) return null
      // What is sent by a plain request stays text.
      const plain = code.includes("/gql/text'")
      return (
        code
          // A statement by itself: a fragment, which others spread.
          .replace(/^graphql\(`[^`]*`\)/gm, 'void 0')
          .replace(documentCalls, (_, text) =>
            plain ? text : JSON.stringify(withFragments(parsed(text), fragments)),
          )
      )
    },
  }
}

const unusedColors = 'pink|grape|violet|indigo|cyan|green|lime|orange'

/** Leaves out the variables of Mantine's colours that nothing here has: half of them all. */
const usedColors = (): Plugin => ({
  name: 'used-colors',
  enforce: 'pre',
  apply: 'build',
  transform(code, id) {
    if (id.endsWith('/default-css-variables.css')) {
      return code.replace(new RegExp(`^ *--mantine-color-(${unusedColors})-[^;]*;`, 'gm'), '')
    }
    if (id.includes('/client/src/') && new RegExp(`['"](${unusedColors})['".]`).test(code)) {
      this.error('A colour whose variables are left out (vite.config.ts).')
    }
    return null
  },
})

// Of some packages the build takes another file, or another package, than they are named by.
const lighter = [
  // The router's exports lead to the build with warnings for developers alone.
  {
    find: /^react-router$/,
    replacement: join(
      dirname(fileURLToPath(import.meta.resolve('react-router/package.json'))),
      'dist/production/index.mjs',
    ),
  },
  // What the API's client needs of GraphQL, printing and walking documents, at a third of the size.
  { find: /^graphql$/, replacement: '@0no-co/graphql.web' },
]

const mantineOfEveryPage = [
  ...['ActionIcon', 'Alert', 'Anchor', 'Button', 'Card', 'CloseButton', 'Group'],
  ...['Input', 'InputBase', 'Loader', 'Paper', 'Stack', 'Text', 'TextInput', 'Title'],
  ...['Transition', 'UnstyledButton', 'VisuallyHidden'],
].join('|')

/** Modules of a path that matches one of these, which are written with slashes. */
const modulesOf = (...patterns: readonly string[]): RegExp =>
  new RegExp(patterns.join('|').replaceAll('/', '[\\\\/]'))

const signedIn = 'signed-in'

// What is loaded together in any case is one file each: it packs tighter than forty small ones,
// and every page has fewer files to name.
const chunkGroups = [
  {
    name: 'every-page',
    test: modulesOf(
      '/node_modules/(react|react-dom|scheduler|clsx)/',
      '@mantine/core/esm/core/',
      `@mantine/core/esm/components/(${mantineOfEveryPage})/`,
      '@mantine/hooks/esm/(use-(id|isomorphic-effect|did-update|media-query|reduced-motion)|utils)/',
      '@tabler/icons-react/dist/esm/(createReactComponent|defaultAttributes)',
      '/client/src/app/(PageTitle|WordMark|describe-failure|late-part)',
      '/client/src/sessions/sign-in-address',
      'vite/preload-helper',
    ),
  },
  {
    name: signedIn,
    test: modulesOf(
      '/node_modules/(@apollo|@wry|graphql|@0no-co|optimism|react-router|rxjs|tslib)/',
      '@mantine/core/esm/components/(Combobox/ComboboxChevron|Skeleton)/',
      '@tabler/icons-react/dist/esm/icons/Icon(ChevronDown|ChevronLeft|ChevronRight|Lock|Plus)\\.',
      '/client/src/app/(FilterSelect|ItemList|LoadFailure|PageButtons|key-of|return-focus|table)',
      '/client/src/access/refusal-words',
      '/client/src/users/(TimeAgo|badges)',
    ),
  },
]

/** Keeps what is for those who are signed in out of the sign-in page: it is as much again. */
const lightSignIn = (): Plugin => ({
  name: 'light-sign-in',
  apply: 'build',
  generateBundle(_, bundle) {
    const loaded = new Set<string>()
    const visit = (fileName: string): void => {
      const chunk = bundle[fileName]
      if (chunk?.type !== 'chunk' || loaded.has(fileName)) return
      loaded.add(fileName)
      if (chunk.name === signedIn) {
        this.error(`The sign-in page loads ${fileName}: see chunkGroups in vite.config.ts.`)
      }
      chunk.imports.forEach(visit)
    }
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith('/SignInPage.tsx')) {
        visit(chunk.fileName)
      }
    }
  },
})

export default defineConfig(({ command }) => ({
  plugins: [ownDocuments(), usedColors(), lightSignIn(), react()],
  // `source`: the shared package as it is written, so that Vite can drop what is unused.
  // `es2015`: RxJS with the language's own classes.
  resolve: {
    alias: command === 'build' ? lighter : [],
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
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
  },
  // The explorer is looked after by a server of its own.
  optimizeDeps: { entries: ['index.html'] },
  server: {
    port: ports.spa,
    strictPort: true,
    proxy: {
      '^/(graphql|my-data\\.json|operations\\.csv|schema\\.graphql|explorer/operations\\.json)':
        api,
      '^/explorer(/|$)': {
        target: `http://localhost:${ports.explorer}`,
        ws: true,
        rewrite: path => (path === '/explorer' ? '/explorer/explorer.html' : path),
      },
    },
  },
}))
