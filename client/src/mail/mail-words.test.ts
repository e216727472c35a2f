import { describe, expect, it } from '@jest/globals'
import { mailsInWords, notMailedInWords } from './mail-words'

describe('the text for a link that is not mailed', () => {
  it('names the folder if the reader may know it', () => {
    expect(notMailedInWords({ outboxFolder: '/srv/data/outbox' })).toContain('/srv/data/outbox')
  })

  it('refers to the operator otherwise', () => {
    const words = notMailedInWords({ outboxFolder: null })
    expect(words).toContain('Ask the operator')
    expect(words).not.toContain('null')
  })
})

it('uses the singular for one mail', () => {
  expect([0, 1, 1200].map(mailsInWords)).toEqual(['0 mails', '1 mail', '1,200 mails'])
})
