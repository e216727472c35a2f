import { NativeSelect } from '@mantine/core'
import { matchLanguage } from '@rekey/shared/language-tag'
import { IconLanguage } from '@tabler/icons-react'
import { useState } from 'react'
import { languageNames, offeredLocales } from '../messages/load-locale'
import { useLanguage } from '../messages/use-locale'

/** Chooses the language of pages without a profile. The browser remembers it. */
export const LanguageMenu = () => {
  const { locale, chooseLanguage } = useLanguage()
  const [failed, setFailed] = useState(false)
  const { t } = locale
  const choose = (tag: string) => {
    setFailed(false)
    chooseLanguage(tag).catch(() => setFailed(true))
  }
  return (
    <NativeSelect
      aria-label={t('ui.languageMenu.label')}
      leftSection={<IconLanguage size={18} aria-hidden />}
      value={matchLanguage(offeredLocales, [locale.tag])?.available ?? ''}
      error={failed && t('ui.languageMenu.failed')}
      onChange={({ target }) => choose(target.value)}
    >
      {offeredLocales.map(tag => (
        <option key={tag} value={tag} lang={tag}>
          {languageNames[tag]}
        </option>
      ))}
    </NativeSelect>
  )
}
