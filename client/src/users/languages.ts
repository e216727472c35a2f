const tags = [
  'en',
  'en-GB',
  'cs',
  'da',
  'de',
  'es',
  'fi',
  'fr',
  'it',
  'ja',
  'nb',
  'nl',
  'pl',
  'pt',
  'pt-BR',
  'sv',
  'tr',
  'uk',
  'zh',
]

const names = new Intl.DisplayNames('en', { type: 'language' })

/** The languages to choose from; one that a profile has already is always among them. */
export const languageOptions = (current: string): { value: string; label: string }[] =>
  [...new Set([current, ...tags])]
    .map(value => ({ value, label: names.of(value) ?? value }))
    .sort((one, other) => one.label.localeCompare(other.label, 'en'))
