import { describe, expect, it } from '@jest/globals'
import { renderHook } from '@testing-library/react'
import { useLocale } from '../messages/use-locale'
import { linkKeptInWords, notMailedInWords } from './mail-words'

const { t } = renderHook(useLocale).result.current

describe('the text for a link that is not mailed', () => {
  it('names the folder if the reader may know it', () => {
    expect(notMailedInWords(t, { outboxFolder: '/srv/data/outbox' })).toBe(
      'Mail is not configured. Nobody receives the mail with the link. The server saves it as a file in /srv/data/outbox.',
    )
  })

  it('refers to the operator otherwise', () => {
    expect(notMailedInWords(t, { outboxFolder: null })).toBe(
      'Mail is not configured. Nobody receives the mail with the link. The server saves it as a file in its outbox folder. Ask the operator for it.',
    )
  })

  it('is the same without the reason', () => {
    for (const outboxFolder of ['/srv/data/outbox', null]) {
      expect(notMailedInWords(t, { outboxFolder })).toBe(
        `Mail is not configured. ${linkKeptInWords(t, { outboxFolder })}`,
      )
    }
  })
})

it('uses the singular for one mail', () => {
  expect([0, 1, 1200].map(count => t('mail.outbox.count', { count }))).toEqual([
    '0 mails',
    '1 mail',
    '1,200 mails',
  ])
})
