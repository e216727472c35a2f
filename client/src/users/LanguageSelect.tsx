import { CheckIcon, Select, type SelectProps } from '@mantine/core'
import { languageName } from '@rekey/shared/language-tag'
import { languageNames, localeTags, offeredLocales } from '../messages/load-locale'
import { useLocale } from '../messages/use-locale'

/** The name of a language in itself, such as “Polski” for `pl`. */
export const ownNameOf = (tag: string): string => {
  const known = localeTags.find(one => one === tag)
  return known === undefined ? languageName(tag, tag) : languageNames[known]
}

interface Props extends Omit<SelectProps, 'value' | 'data'> {
  value: string
  /** The current language of the profile, which is offered too. */
  current: string
  /** An option before the languages. */
  first?: { readonly value: string; readonly label: string }
}

/**
 * Chooses a language that Rekey is translated to. Each has its name in itself, because people must
 * find theirs on a screen that they cannot read.
 */
export const LanguageSelect = ({ value, current, first, ...props }: Props) => {
  const { compare } = useLocale()
  const tags = new Set([current, ...offeredLocales].filter(tag => tag !== ''))
  const languages = [...tags]
    .map(tag => ({ value: tag, label: ownNameOf(tag) }))
    .sort((one, other) => compare(one.label, other.label))
  const lang = value === '' ? {} : { lang: value }
  return (
    <Select
      {...lang}
      data={first === undefined ? languages : [first, ...languages]}
      value={value}
      allowDeselect={false}
      renderOption={({ option, checked }) => (
        <>
          {checked === true && <CheckIcon size="0.8em" opacity={0.4} />}
          <span {...(option.value === '' ? {} : { lang: option.value })}>{option.label}</span>
        </>
      )}
      {...props}
    />
  )
}
