// Compiles the catalogues: the texts of every language, as ICU messages in JSON. The compiled files
// contain the parsed messages, so that no parser has to be loaded, and the types of their arguments.
//
//   node .scripts/messages.mjs           compiles
//   node .scripts/messages.mjs --check   also finds unused keys, missing plural categories, and
//                                        texts that a page needs before their catalogue is loaded
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { folders, packages, sourceLocale } from './catalogues.mjs'
import { pseudoLocale, pseudoMessage } from './pseudo-locale.mjs'
import { projectDir, readJson } from './workspace.mjs'

/** The languages of a folder. */
const localesOf = folder =>
  readdirSync(join(projectDir, folder))
    .filter(name => name !== 'notes.json' && name.endsWith('.json'))
    .map(name => name.slice(0, -'.json'.length))

const parsed = (key, text) => {
  try {
    return parse(text, { captureLocation: false })
  } catch (failure) {
    throw new Error(`${key}: ${failure.message}`)
  }
}

const literal = value => ({ type: TYPE.literal, value })

/**
 * Puts the inserted texts of a message between marks that keep their own direction (Unicode, UAX #9).
 * Otherwise a login would turn around the rest of a sentence in a language from right to left. Not
 * the values themselves, because a value can also choose a form of the message.
 */
const isolateInserted = message =>
  message.flatMap(element => {
    if (element.type === TYPE.argument) return [literal('\u2068'), element, literal('\u2069')]
    if (element.children) return [{ ...element, children: isolateInserted(element.children) }]
    if (!element.options) return [element]
    const options = Object.entries(element.options).map(([name, option]) => [
      name,
      { ...option, value: isolateInserted(option.value) },
    ])
    return [{ ...element, options: Object.fromEntries(options) }]
  })

const isFromRightToLeft = tag => {
  const locale = new Intl.Locale(tag)
  // Node 20 has only the property.
  return (locale.getTextInfo?.() ?? locale.textInfo).direction === 'rtl'
}

/** The messages of several folders in one language, parsed. */
const messagesOf = (folders, locale) => {
  const source = locale === pseudoLocale ? sourceLocale : locale
  const messages = {}
  for (const folder of folders) {
    for (const [key, text] of Object.entries(readJson(`${folder}/${source}.json`))) {
      if (key in messages) throw new Error(`${key} is in two catalogues.`)
      messages[key] = parsed(`${folder}/${source}.json: ${key}`, text)
    }
  }
  const adapt =
    locale === pseudoLocale
      ? pseudoMessage
      : isFromRightToLeft(locale)
        ? isolateInserted
        : message => message
  return Object.fromEntries(Object.entries(messages).map(([key, message]) => [key, adapt(message)]))
}

/** Calls a function for each element of a message, also within plurals, selections and tags. */
const visit = (elements, onElement) => {
  for (const element of elements) {
    onElement(element)
    if (element.children) visit(element.children, onElement)
    for (const option of Object.values(element.options ?? {})) visit(option.value, onElement)
  }
}

const typeOf = element => {
  switch (element.type) {
    case TYPE.number:
    case TYPE.plural:
      return 'number'
    case TYPE.select:
      return Object.keys(element.options)
        .map(option => (option === 'other' ? '(string & {})' : `'${option}'`))
        .join(' | ')
    case TYPE.tag:
      return 'Tag'
    case TYPE.argument:
      return 'Text'
    default:
      return null
  }
}

// The server's `Language` inserts the name of the account into every message.
const ownArguments = { server: ['account'], client: [] }

/** The type of the arguments that code gives to a message, or null if there are none. */
const argumentsOf = (message, name) => {
  const types = new Map()
  visit(message, element => {
    const type = typeOf(element)
    // An argument may be both inserted and used to choose a form.
    if (type !== null && types.get(element.value) !== 'number') types.set(element.value, type)
  })
  for (const own of ownArguments[name]) types.delete(own)
  if (types.size === 0) return null
  const sorted = [...types].sort(([one], [other]) => (one < other ? -1 : 1))
  return `{ ${sorted.map(([name, type]) => `${name}: ${type}`).join('; ')} }`
}

/** The name of a language in itself, as a menu of languages shows it. */
const ownNameOf = locale => {
  const [first, ...rest] = new Intl.DisplayNames(locale, { type: 'language' }).of(locale)
  return first.toLocaleUpperCase(locale) + rest.join('')
}

const write = (path, lines) => {
  const content = `// Written by .scripts/messages.mjs.\n${lines.join('\n')}\n`
  // An unchanged file keeps its time, so that builds which depend on it need not run.
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

const compile = ({ name, extension, catalogues }) => {
  const target = join(projectDir, name, 'src', 'messages', 'compiled')
  const types = []
  const loaders = []
  // A language that lacks one of the files fails below. English is the first, because a program that
  // accepts any language gets the first one.
  const locales = [...new Set([sourceLocale, ...folders.flatMap(localesOf)]), pseudoLocale]
  for (const name of existsSync(target) ? readdirSync(target) : []) {
    const [, locale] = /^\w+\.(.+)\.ts$/.exec(name) ?? []
    if (locale !== undefined && !locales.includes(locale)) rmSync(join(target, name))
  }
  for (const locale of locales) {
    for (const [catalogue, from] of Object.entries(catalogues)) {
      const messages = messagesOf(from, locale)
      write(join(target, `${catalogue}.${locale}.ts`), [
        `import type { Messages } from './types${extension}'`,
        `export const messages: Messages = ${JSON.stringify(messages)}`,
      ])
      if (locale === sourceLocale) {
        for (const [key, message] of Object.entries(messages)) {
          types.push(`  '${key}': ${argumentsOf(message, name) ?? 'never'}`)
        }
      }
    }
    const load = catalogue =>
      `    ${catalogue}: () => import('./${catalogue}.${locale}${extension}'),`
    loaders.push(`  '${locale}': {`, ...Object.keys(catalogues).map(load), '  },')
  }
  const imports = locales.map(
    (locale, index) => `import { messages as messages${index} } from './server.${locale}.js'`,
  )
  write(join(target, 'types.ts'), [
    "import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'",
    '/** Parsed messages by their keys. */',
    'export type Messages = Readonly<Record<string, MessageFormatElement[]>>',
    '/** Stands for an inserted text. */',
    "export type Text = { readonly kind: 'text' }",
    '/** Stands for a tag around a part of the message. */',
    "export type Tag = { readonly kind: 'tag' }",
    '/** The arguments of each message; never, if it has none. */',
    'export interface MessageArguments {',
    ...types.sort(),
    '}',
  ])
  write(
    join(target, 'catalogues.ts'),
    name === 'server'
      ? [
          ...imports,
          '/** The messages of each language. */',
          'export const catalogues = {',
          ...locales.map((locale, index) => `  '${locale}': messages${index},`),
          '} as const',
        ]
      : [
          '/** Loads the catalogues of each language. */',
          'export const catalogues = {',
          ...loaders,
          '} as const',
          '/** The name of each language in itself. */',
          'export const languageNames = {',
          ...locales.map(locale => `  '${locale}': '${ownNameOf(locale)}',`),
          '} as const',
        ],
  )
}

const sourcesOf = path =>
  readdirSync(path, { withFileTypes: true }).flatMap(entry => {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) return ['compiled', 'gql'].includes(entry.name) ? [] : sourcesOf(inner)
    return /(?<!\.test)\.tsx?$/.test(entry.name) ? [inner] : []
  })

/** The keys among the quoted texts of a file. */
const keysIn = (path, keys) =>
  [...readFileSync(path, 'utf8').matchAll(/['"]([a-z][\w-]*(?:\.[\w-]+)+)['"]/g)]
    .map(([, text]) => text)
    .filter(text => keys.has(text))

/** The modules that the sign-in page can load before the rest of the app. */
const signInModules = () => {
  const found = new Set()
  const add = path => {
    if (found.has(path)) return
    found.add(path)
    const text = readFileSync(path, 'utf8').replace(/import type [^\n]*/g, '')
    for (const [, from] of text.matchAll(/(?:from|import) '(\.[^']*)'/g)) {
      const base = resolve(dirname(path), from)
      const module = [`${base}.ts`, `${base}.tsx`].find(candidate => existsSync(candidate))
      if (module !== undefined && !module.includes('compiled')) add(module)
    }
  }
  add(join(projectDir, 'client/src/app/main.tsx'))
  add(join(projectDir, 'client/src/sessions/SignInPage.tsx'))
  add(join(projectDir, 'client/src/second-factor/SecondStep.tsx'))
  add(join(projectDir, 'client/src/second-factor/passkey-sign-in.ts'))
  return [...found]
}

const check = () => {
  const problems = []
  const report = problem => problems.push(problem)
  const keysOf = folder => Object.keys(readJson(`${folder}/${sourceLocale}.json`))
  const sources = ['client', 'server', 'shared'].flatMap(name =>
    sourcesOf(join(projectDir, name, 'src')),
  )
  const all = new Set(folders.flatMap(keysOf))
  const used = new Set(sources.flatMap(path => keysIn(path, all)))
  for (const key of all) if (!used.has(key)) report(`${key} is not used.`)
  const early = new Set(keysOf('client/messages/sign-in'))
  for (const path of signInModules()) {
    for (const key of keysIn(path, all)) {
      if (!early.has(key)) report(`${key} belongs in client/messages/sign-in: ${path} needs it.`)
    }
  }
  for (const folder of folders) {
    if (existsSync(join(projectDir, folder, 'notes.json'))) {
      for (const key of Object.keys(readJson(`${folder}/notes.json`))) {
        if (!all.has(key)) report(`${folder}/notes.json explains ${key}, which does not exist.`)
      }
    }
    for (const locale of localesOf(folder)) {
      const needed = {
        cardinal: new Intl.PluralRules(locale).resolvedOptions().pluralCategories,
        ordinal: new Intl.PluralRules(locale, { type: 'ordinal' }).resolvedOptions()
          .pluralCategories,
      }
      const texts = readJson(`${folder}/${locale}.json`)
      const source = readJson(`${folder}/${sourceLocale}.json`)
      const argumentsIn = (key, text) => argumentsOf(parsed(key, text), 'client')
      const sorted = Object.keys(texts).sort()
      if (Object.keys(texts).join() !== sorted.join())
        report(`${folder}/${locale}.json is not sorted.`)
      for (const key of Object.keys(source)) {
        if (!(key in texts)) report(`${key} is missing in ${folder}/${locale}.json.`)
      }
      for (const [key, text] of Object.entries(texts)) {
        if (!(key in source)) {
          report(`${key} is in ${folder}/${locale}.json, but not in ${sourceLocale}.json.`)
        } else if (argumentsIn(key, text) !== argumentsIn(key, source[key])) {
          // A number may choose a plural form in one language and only be written in another.
          report(`${key} has other arguments in ${locale} than in ${sourceLocale}.`)
        }
        visit(parsed(key, text), ({ type, options, pluralType }) => {
          if (type !== TYPE.plural) return
          for (const category of needed[pluralType]) {
            if (!(category in options)) report(`${key} has no form for "${category}" in ${locale}.`)
          }
        })
      }
    }
  }
  if (problems.length === 0) {
    process.stdout.write(`Checked ${all.size} messages. No problems found.\n`)
    return
  }
  process.stderr.write(`The catalogues have faults:\n${problems.join('\n')}\n`)
  process.exitCode = 1
}

for (const each of packages) compile(each)
if (process.argv.includes('--check')) check()
