import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer'
import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions, useMonaco } from '@graphiql/react'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { IconListSearch } from '@tabler/icons-react'
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { useEffect, useState } from 'react'
import { ExamplesPane } from './ExamplesPane'
import { isNarrow } from './is-narrow'
import { memoryStorage } from './memory-storage'
import { loadSources, type Sources } from './sources'

// The browser sends the session cookie, because the origin is the same.
const fetcher = createGraphiQLFetcher({ url: '/graphql' })

const darkSurface = '#212a3b'

/**
 * GraphiQL's dark theme of the editors, under its name, with more contrast: its comments and line
 * numbers had 3.6 : 1 (WCAG 1.4.3 requires 4.5 : 1).
 */
const darkTheme = {
  base: 'vs-dark',
  inherit: true,
  colors: {
    'editor.background': '#ffffff00',
    'scrollbar.shadow': '#ffffff00',
    'editorLineNumber.foreground': '#a3adbd',
    'editorHoverWidget.background': darkSurface,
    'editorSuggestWidget.background': darkSurface,
    'editorWidget.background': darkSurface,
    'menu.background': darkSurface,
    'quickInput.background': darkSurface,
  },
  rules: [
    { token: 'comment', foreground: '#8fbf7a' },
    { token: 'argument.identifier.gql', foreground: '#a9a4ff' },
  ],
} as const

/** Wraps long lines, and changes the colours of the editors when those of the system change. */
const EditorSettings = () => {
  const { setTheme } = useGraphiQLActions()
  const theme = useGraphiQL(state => state.theme)
  const queryEditor = useGraphiQL(state => state.queryEditor)
  useEffect(() => {
    const system = window.matchMedia('(prefers-color-scheme: dark)')
    const follow = () => {
      if (theme === null) setTheme(null)
    }
    system.addEventListener('change', follow)
    return () => system.removeEventListener('change', follow)
  }, [theme, setTheme])
  useEffect(() => queryEditor?.updateOptions({ wordWrap: 'on' }), [queryEditor])
  const monaco = useMonaco(state => state.monaco)
  useEffect(() => {
    monaco?.editor.defineTheme('graphiql-DARK', { ...darkTheme, rules: [...darkTheme.rules] })
  }, [monaco])
  return null
}

const LoadedExplorer = ({ schema, operations }: Sources) => {
  const [storage] = useState(memoryStorage)
  const [examples] = useState<GraphiQLPlugin>(() => ({
    title: 'Examples',
    icon: () => <IconListSearch aria-hidden />,
    content: () => <ExamplesPane operations={operations} />,
  }))
  const [first] = operations
  return (
    <GraphiQL
      fetcher={fetcher}
      schema={schema}
      storage={storage as Storage}
      plugins={[examples, HISTORY_PLUGIN]}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      {...(isNarrow() ? {} : { visiblePlugin: examples })}
      showPersistHeadersSettings={false}
      defaultEditorToolsVisibility="variables"
      defaultTabs={[{ query: first?.document ?? '', variables: first?.variables ?? null }]}
    >
      <GraphiQL.Logo>
        <a href="/" className="back">
          <span aria-hidden>← </span>Back to Rekey
        </a>
      </GraphiQL.Logo>
      <EditorSettings />
    </GraphiQL>
  )
}

/** The page on which users read and try the API. It loads nothing from other sites. */
export const Explorer = () => {
  const [sources, setSources] = useState<Sources | Error | null>(null)
  useEffect(() => {
    loadSources().then(setSources, setSources)
  }, [])
  if (sources === null) return <main aria-busy="true" />
  if (sources instanceof Error) {
    return (
      <main className="failure">
        <h1>The explorer could not be loaded</h1>
        <p>
          {sources.message} <a href="/explorer">Try again</a> or <a href="/">go to Rekey</a>.
        </p>
      </main>
    )
  }
  return (
    <main className="explorer">
      <h1 className="only-heard">API explorer</h1>
      <LoadedExplorer {...sources} />
    </main>
  )
}
