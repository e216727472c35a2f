import { describe, expect, it } from '@jest/globals'
import { localeOutside } from '../messages/use-locale'
import { deviceWordsOf } from './device-words'

describe('the description of a browser', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
      { name: 'Chrome on Windows', mobile: false },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      { name: 'Safari on iOS', mobile: true },
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      { name: 'Firefox on Linux', mobile: false },
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
      { name: 'Microsoft Edge on Windows', mobile: false },
    ],
    ['curl/8.5.0', { name: 'curl', mobile: false }],
    ['', { name: 'Unknown browser', mobile: false }],
    ['😀'.repeat(200), { name: '😀'.repeat(20), mobile: false }],
  ])('%s', (userAgent, words) => {
    expect(deviceWordsOf(localeOutside().t, userAgent)).toEqual(words)
  })
})
