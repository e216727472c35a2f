import { expect, it } from '@jest/globals'
import { renderHook } from '@testing-library/react'
import { useLocale } from '../messages/use-locale'

const { t } = renderHook(useLocale).result.current

it('uses the singular for one mail', () => {
  expect([0, 1, 1200].map(count => t('mail.outbox.count', { count }))).toEqual([
    '0 mails',
    '1 mail',
    '1,200 mails',
  ])
})
