import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { act, cleanup, render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { LanguageProvider } from '../messages/LanguageProvider'
import { loadLocale } from '../messages/load-locale'
import { createLocale } from '../messages/locale'
import { fixedLanguage, LanguageContext, useLocale } from '../messages/use-locale'
import { FailureBoundary } from '../ui/FailureBoundary'
import { notifySuccess } from '../ui/notify'
import { PageFailure } from '../ui/PageFailure'
import { Messages } from './Messages'
import { themeOf } from './theme'

const Failing = () => {
  throw new Error('The page fails.')
}

/** Shows its content with the real theme in the language of the screen. */
const Look = ({ children }: { children: ReactNode }) => (
  <MantineProvider env="test" theme={themeOf(useLocale().t)}>
    {children}
  </MantineProvider>
)

afterEach(() => {
  cleanup()
  jest.restoreAllMocks()
})

describe('messages', () => {
  it.each([
    ['en', 'bottom-right'],
    ['ar', 'bottom-left'],
  ])('appear at the end of the line in %s', async (tag, position) => {
    const locale = createLocale(tag)
    render(
      <LanguageContext value={fixedLanguage(locale)}>
        <MantineProvider env="test">
          <Messages />
        </MantineProvider>
      </LanguageContext>,
    )
    await act(async () => notifySuccess(`Saved in ${tag}`))
    const message = await screen.findByText(`Saved in ${tag}`)
    expect(message.closest('[data-position]')?.getAttribute('data-position')).toBe(position)
  })

  it('have a close button in the language of the screen', async () => {
    render(
      <LanguageProvider first={await loadLocale(['en-XA'], ['signIn'])} fallback="en">
        <Look>
          <Messages />
        </Look>
      </LanguageProvider>,
    )
    await act(async () => notifySuccess('Saved'))
    await screen.findByText('Saved')
    const names = screen.getAllByRole('button').map(button => button.getAttribute('aria-label'))
    expect(names).toContain((await loadLocale(['en-XA'], ['signIn'])).t('ui.button.close'))
    expect(names).not.toContain('Close')
  })
})

it('shows a failure outside the router with the texts of the sign-in page', async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined)
  const locale = await loadLocale(['en-XA'], ['signIn'])
  render(
    <LanguageProvider first={locale} fallback="en">
      <Look>
        <FailureBoundary fallback={failure => <PageFailure failure={failure} />}>
          <Failing />
        </FailureBoundary>
      </Look>
    </LanguageProvider>,
  )
  expect(screen.getByRole('alert').textContent).toContain(locale.t('app.routeFailure.title'))
  await screen.findByRole('button', { name: locale.t('app.routeFailure.copy') })
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
    locale.t('app.routeFailure.reload'),
    locale.t('app.routeFailure.copy'),
  ])
})
