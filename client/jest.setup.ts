import '@testing-library/jest-dom/jest-globals'
import { TextDecoder, TextEncoder } from 'node:util'
import { configure } from '@testing-library/react'
import { messages as console } from './src/messages/compiled/console.en'
import { messages as signIn } from './src/messages/compiled/signIn.en'
import { createLocale } from './src/messages/locale'
import { setLanguageOutside } from './src/messages/use-locale'

// Enough for a slow machine under load. No test waits for it. The default is one second.
configure({ asyncUtilTimeout: 40_000 })

// The real English texts.
const english = createLocale('en')
english.add(signIn)
english.add(console)
setLanguageOutside(english)

// What browsers have and jsdom does not.
Object.assign(globalThis, { TextEncoder, TextDecoder })
window.matchMedia = query =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  }) as MediaQueryList
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.HTMLElement.prototype.scrollIntoView = () => undefined
