import { describe, expect, it } from '@jest/globals'
import { problemOfUrl } from './webhook-url'

describe('the address of a webhook', () => {
  it.each([
    ['https://example.com/webhooks', null],
    ['HTTP://127.0.0.1:8080', null],
    ['', 'Enter an address.'],
    ['example.com/webhooks', 'This is no address such as https://example.com/webhooks.'],
    ['ftp://example.com/', 'This is no address such as https://example.com/webhooks.'],
    ['https:///webhooks', 'This is no address such as https://example.com/webhooks.'],
    ['https://a b/', 'This is no address such as https://example.com/webhooks.'],
    [
      'https://user:secret@example.com/',
      'Leave user and password out: the signature shows who sends.',
    ],
    ['https://user@example.com/', 'Leave user and password out: the signature shows who sends.'],
    ['https://example.com/#part', 'Leave out what follows the #: it is never sent.'],
  ])('of %j is told: %s', (typed, problem) => {
    expect(problemOfUrl(typed)).toBe(problem)
  })
})
