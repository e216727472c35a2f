import { describe, expect, it } from '@jest/globals'
import { readUserAgent } from './user-agent.js'

const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0'

describe('reading a User-Agent header', () => {
  it.each([
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`, 'Chrome', 'Windows'],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/142.0.0.0`,
      'Microsoft Edge',
      'Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
      'Safari',
      'macOS',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
      'Chrome',
      'Linux',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
    ['curl/8.5.0', 'curl', null],
    ['python-requests/2.32.0', 'Python', null],
    ['Call +1 555 0100, or see https://evil.example', null, null],
    ['Your account on Windows is locked: evil.example', null, 'Windows'],
    ['', null, null],
  ])('finds the browser and the system in “%s”', (header, browser, system) => {
    expect(readUserAgent(header)).toEqual({ browser, system, mobile: false })
  })

  it.each([
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari',
      'iOS',
    ],
    [`Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`, 'Chrome', 'Android'],
    [`Mozilla/5.0 (Linux; Android 10; Tab) ${chrome} Safari/537.36`, 'Chrome', 'Android'],
  ])('finds that “%s” is mobile', (header, browser, system) => {
    expect(readUserAgent(header)).toEqual({ browser, system, mobile: true })
  })

  it('reads only the start of a long header', () => {
    expect(readUserAgent(`${' '.repeat(500)}Firefox`).browser).toBeNull()
  })
})
