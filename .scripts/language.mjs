// Helps to translate into a language: creates its catalogues if there are none, with the English texts
// and the plural forms that the language needs. Then lists the texts that are still as in English.
//
//   node .scripts/language.mjs it
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { printAST } from '@formatjs/icu-messageformat-parser/printer.js'
import { folders, sourceLocale } from './catalogues.mjs'
import { projectDir, readJson } from './workspace.mjs'

const writeJson = (path, content) =>
  writeFileSync(join(projectDir, path), `${JSON.stringify(content, null, 2)}\n`)

/** Gives each plural of a message the forms of a language, with the text of `other`. */
const withForms = (elements, locale) =>
  elements.map(element => {
    const children = element.children && withForms(element.children, locale)
    const options = element.options && { ...element.options }
    if (element.type === TYPE.plural) {
      const type = element.pluralType
      const { pluralCategories } = new Intl.PluralRules(locale, { type }).resolvedOptions()
      const exact = Object.keys(options).filter(name => name.startsWith('='))
      const forms = [...exact, ...pluralCategories]
      for (const form of forms) options[form] ??= options.other
      for (const name of Object.keys(options)) if (!forms.includes(name)) delete options[name]
    }
    for (const name of Object.keys(options ?? {})) {
      options[name] = { ...options[name], value: withForms(options[name].value, locale) }
    }
    return { ...element, ...(children && { children }), ...(options && { options }) }
  })

// The catalogues have spaces in these places, and the printer has none.
const spaced = text =>
  text
    .replace(/,(plural|selectordinal|select),/g, ', $1, ')
    .replace(/\{(\w+),number/g, '{$1, number')
    .replace(/([ }](?:zero|one|two|few|many|other|=\d+))\{/g, '$1 {')

const inForms = (text, locale) =>
  text.includes(', plural,') || text.includes(', selectordinal,')
    ? spaced(printAST(withForms(parse(text), locale)))
    : text

const [locale] = process.argv.slice(2)
const isTag = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/.test(locale ?? '')
if (!isTag || Intl.PluralRules.supportedLocalesOf(locale).length === 0) {
  throw new Error('Name the tag of a language, such as it or pt-BR.')
}

for (const folder of folders) {
  const english = readJson(`${folder}/${sourceLocale}.json`)
  const path = `${folder}/${locale}.json`
  const copies = Object.entries(english).map(([key, text]) => [key, inForms(text, locale)])
  if (!existsSync(join(projectDir, path))) writeJson(path, Object.fromEntries(copies))
  const texts = readJson(path)
  const same = copies.filter(([key, text]) => texts[key] === text)
  process.stdout.write(`${folder}: ${same.length} of ${copies.length} texts are as in English.\n`)
  for (const [key, text] of same) process.stdout.write(`  ${key}: ${JSON.stringify(text)}\n`)
}

const glossary = 'client/messages/glossary'
const terms = `${glossary}/${locale}.json`
if (!existsSync(join(projectDir, terms))) {
  // The terms of a language that has most of them.
  const names = Object.keys(readJson(`${glossary}/de.json`))
  writeJson(terms, Object.fromEntries(names.map(name => [name, ''])))
}
