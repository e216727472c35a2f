import '@testing-library/jest-dom/jest-globals'
import { TextDecoder, TextEncoder } from 'node:util'
import { configure } from '@testing-library/react'
import { messages as console } from './src/messages/compiled/console.en'
import { messages as signIn } from './src/messages/compiled/signIn.en'
import { createLocale } from './src/messages/locale'
import { setLanguageOutside } from './src/messages/use-locale'

// What a slow machine under load takes; nothing waits for it. By default it is one second.
configure({ asyncUtilTimeout: 40_000 })

// The real English texts.
const english = createLocale('en')
english.add(signIn)
english.add(console)
setLanguageOutside({ locale: english, setLanguage: async () => undefined })

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
