import { describe, expect, it } from '@jest/globals'
import { Language } from '../messages/language.js'
import { browserWordsOf } from './browser-words.js'

const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0'

describe('a browser in a mail', () => {
  it.each([
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`, 'Chrome on Windows'],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/142.0.0.0`,
      'Microsoft Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    [`Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`, 'Chrome on Android'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    ['curl/8.5.0', 'curl'],
    ['Call +1 555 0100, or see https://evil.example', 'Unknown browser or program'],
    ['Your account on Windows is locked: evil.example', 'Unknown browser or program on Windows'],
    ['', 'Unknown browser or program'],
  ])('%s is %s', (userAgent, words) => {
    expect(browserWordsOf(Language.source, userAgent)).toBe(words)
  })
})
