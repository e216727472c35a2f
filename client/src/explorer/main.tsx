import './styles'
import 'graphiql/setup-workers/vite'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Explorer } from './Explorer'
import { nonceStyles } from './nonce-styles'
import { keepTabsAsList } from './tabs-as-list'

// The nonce of this response, for the styles that components and editors add to the page.
const nonce =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined
if (nonce !== undefined) {
  setNonce(nonce)
  nonceStyles(document, nonce)
}

const place = document.getElementById('root')
if (place === null) throw new Error('The page has no place for the explorer.')
keepTabsAsList()
createRoot(place).render(
  <StrictMode>
    <Explorer />
  </StrictMode>,
)
