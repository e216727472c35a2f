import { beforeEach, describe, expect, it, jest } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'

import { FormTextField } from '../forms/FormTextField'
import { ValidatedForm } from '../forms/ValidatedForm'
import { catalogues } from '../messages/compiled/catalogues'
import { LanguageProvider } from '../messages/LanguageProvider'
import { loadLocale, offeredLocales } from '../messages/load-locale'
import { useLanguage } from '../messages/use-locale'
import { wantedLanguages } from '../messages/wanted-languages'
import { EntryPage } from './EntryPage'

beforeEach(() => localStorage.clear())

/** A page with a form whose only field has an error. */
const Page = () => {
  const { locale, setLanguage } = useLanguage()
  const { t } = locale
  return (
    <EntryPage>
      <h1>{t('sessions.signIn.title')}</h1>
      <ValidatedForm
        initialValues={{ login: '' }}
        validate={() => ({ login: t('forms.login.missing') })}
        onSubmit={async () => undefined}
      >
        {() => (
          <>
            <FormTextField name="login" label="Login" />
            <button type="submit">Submit</button>
          </>
        )}
      </ValidatedForm>
      <button type="button" onClick={() => void setLanguage('fr')}>
        Profile in French
      </button>
    </EntryPage>
  )
}

const openPage = async () => {
  render(
    <LanguageProvider first={await loadLocale(['en'], ['signIn'])} fallback="">
      <MantineProvider env="test">
        <Page />
      </MantineProvider>
    </LanguageProvider>,
  )
  return { user: userEvent.setup(), menu: () => screen.getByRole<HTMLSelectElement>('combobox') }
}

const textIn = async (tag: string, id: 'sessions.signIn.title' | 'forms.login.missing') =>
  (await loadLocale([tag], ['signIn'])).t(id)

describe('the menu of languages', () => {
  it('names each language in itself, and marks the one of the page', async () => {
    const { menu } = await openPage()
    const options = screen.getAllByRole('option')
    const names = new Map(options.map(({ lang, textContent }) => [lang, textContent]))
    expect([...names.keys()]).toEqual(offeredLocales)
    expect(names.get('de')).toBe('Deutsch')
    expect(names.get('es')).toBe('Español')
    expect(names.get('ar')).toBe('العربية')
    expect(menu().value).toBe('en')
    expect(screen.getByRole('combobox', { name: 'Language' })).toBe(menu())
  })

  it('changes all texts and the direction of the page, and the browser remembers it', async () => {
    const { user, menu } = await openPage()
    await user.click(screen.getByRole('button', { name: 'Submit' }))
    await screen.findByText(await textIn('en', 'forms.login.missing'))
    for (const [tag, dir] of [
      ['ar', 'rtl'],
      ['de', 'ltr'],
    ] as const) {
      await user.selectOptions(menu(), tag)
      const title = await textIn(tag, 'sessions.signIn.title')
      await screen.findByRole('heading', { name: title })
      await screen.findByText(await textIn(tag, 'forms.login.missing'))
      expect(menu().value).toBe(tag)
      expect(document.documentElement.lang).toBe(tag)
      await waitFor(() => expect(document.documentElement.dir).toBe(dir))
      expect(wantedLanguages()).toEqual([tag, ...navigator.languages])
      expect(localStorage.getItem('rekey.language')).toBe(tag)
    }
    await user.click(screen.getByRole('button', { name: 'Profile in French' }))
    await screen.findByRole('heading', { name: await textIn('fr', 'sessions.signIn.title') })
  })

  it('stays as it is if the language cannot be loaded', async () => {
    jest.spyOn(catalogues.es, 'signIn').mockRejectedValueOnce(new TypeError('Failed to fetch'))
    const { user, menu } = await openPage()
    await user.selectOptions(menu(), 'es')
    await screen.findByText(
      'The language could not be loaded. Check your connection and try again.',
    )
    expect(menu().value).toBe('en')
    expect(localStorage.getItem('rekey.language')).toBeNull()
    await user.selectOptions(menu(), 'es')
    await screen.findByRole('heading', { name: await textIn('es', 'sessions.signIn.title') })
  })

  it('keeps the region of the browser if the language is the same', () => {
    expect(wantedLanguages('en')).toEqual(['en-US', 'en', 'en', 'en-US', 'en'])
  })
})
