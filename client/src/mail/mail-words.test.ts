import { describe, expect, it } from '@jest/globals'
import { mailsInWords, notMailedInWords } from './mail-words'

describe('a link that is not mailed', () => {
  it('is said to be in the folder, if the reader may know it', () => {
    expect(notMailedInWords({ outboxFolder: '/srv/data/outbox' })).toContain('/srv/data/outbox')
  })

  it('is said to be with the operator otherwise', () => {
    const words = notMailedInWords({ outboxFolder: null })
    expect(words).toContain('Ask the operator')
    expect(words).not.toContain('null')
  })
})

it('one mail is not mails', () => {
  expect([0, 1, 1200].map(mailsInWords)).toEqual(['0 mails', '1 mail', '1,200 mails'])
})
