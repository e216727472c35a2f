import './styles'
import { MantineProvider } from '@mantine/core'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { createRouter } from './routes'
import { cssVariables, theme } from './theme'

// The answer's own nonce, for the styles that components put into the page.
const nonce =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined
if (nonce !== undefined) setNonce(nonce)

const router = createRouter()

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the app.')

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      {...(nonce === undefined ? {} : { getStyleNonce: () => nonce })}
    >
      {/* In a transition, a query that fails renders the old address again, and so asks for the
            old page anew, without end. */}
      <RouterProvider router={router} useTransitions={false} />
    </MantineProvider>
  </StrictMode>,
)
