import { describe, expect, it } from '@jest/globals'
import { renderHook } from '@testing-library/react'
import { useLocale } from '../messages/use-locale'
import { problemOfUrl } from './webhook-url'

const { t } = renderHook(useLocale).result.current

describe('the URL of a webhook', () => {
  it.each([
    ['https://example.com/webhooks', null],
    ['HTTP://127.0.0.1:8080', null],
    ['', 'Enter a URL.'],
    ['example.com/webhooks', 'Enter a URL such as https://example.com/webhooks.'],
    ['ftp://example.com/', 'Enter a URL such as https://example.com/webhooks.'],
    ['https:///webhooks', 'Enter a URL such as https://example.com/webhooks.'],
    ['https://a b/', 'Enter a URL such as https://example.com/webhooks.'],
    [
      'https://user:secret@example.com/',
      'Remove the user name and password from the URL. Receivers check the signature instead.',
    ],
    [
      'https://user@example.com/',
      'Remove the user name and password from the URL. Receivers check the signature instead.',
    ],
    ['https://example.com/#part', 'Remove the # and everything after it. It is never sent.'],
  ])('is validated: %j → %s', (typed, problem) => {
    const found = problemOfUrl(typed)
    expect(found && t(found)).toBe(problem)
  })
})
