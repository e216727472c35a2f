import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Figure } from './figures.js'

const dist = join(__dirname, '..', '..', 'client', 'dist')

/** What Vite reports about a built file. */
interface Chunk {
  readonly file: string
  /** The name of a group of modules, or of the module. */
  readonly name?: string
  /** The styles that belong to it. */
  readonly css?: readonly string[]
  /** Its workers. */
  readonly assets?: readonly string[]
  /** The files that it imports. */
  readonly imports?: readonly string[]
}

/** Adds up what the browser loads for modules that are imported separately. */
const loadingOf = (manifest: Readonly<Record<string, Chunk>>) => {
  const filesOf = (modules: readonly string[]): Set<string> => {
    const files = new Set<string>()
    const visit = (name: string): void => {
      const chunk = manifest[name] ?? Object.values(manifest).find(one => one.name === name)
      if (chunk === undefined) throw new Error(`${name} has no separate file.`)
      if (files.has(chunk.file)) return
      files.add(chunk.file)
      for (const other of [...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(other)
      for (const other of chunk.imports ?? []) visit(other)
    }
    for (const name of modules) visit(name)
    return files
  }
  return filesOf
}

const kilobytes = (files: Iterable<string>): number =>
  [...files].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(dist, name)), { level: 9 }).length,
    0,
  ) / 1000

/** The scripts and styles that the SPA loads, in gzipped bytes. */
export const measureClient = (): Figure[] => {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'))
  const filesOf = loadingOf(manifest)
  // The main file contains the sign-in page. `console` and `users` are groups in vite.config.ts.
  const first = ['index.html', 'src/messages/compiled/signIn.en.ts']
  const texts = 'src/messages/compiled/console.en.ts'
  // The languages that people can choose: without the pseudo-locale.
  const languages = Object.keys(manifest).flatMap(module => {
    const [, tag] = /\/signIn\.(.+)\.ts$/.exec(module) ?? []
    return tag === undefined || tag === 'en-XA' ? [] : [tag]
  })
  const textsOf = (tag: string) =>
    kilobytes(filesOf(['signIn', 'console'].map(name => `src/messages/compiled/${name}.${tag}.ts`)))
  const most = Math.max(...languages.map(textsOf))
  const frame = [...first, texts, 'console']
  const signIn = filesOf(first)
  const usersPage = filesOf([...frame, 'users'])
  const profile = filesOf([...frame, 'src/users/EditUserPage.tsx'])
  const home = filesOf([...frame, 'src/home/HomePage.tsx', 'src/home/AccountOverview.tsx'])
  const dialog = filesOf(['src/passwords/ChangePasswordSteps.tsx'])
  const beyond = (files: Set<string>, loaded: Set<string>) =>
    [...files].filter(name => !loaded.has(name))
  const figure = (name: string, files: Iterable<string>, aim?: number): Figure => {
    const value = kilobytes(files)
    return {
      name,
      value,
      unit: 'kB gz',
      ...(aim === undefined ? {} : { ratio: value / aim, of: `${aim} kB`, aim: '1 or less' }),
    }
  }
  return [
    figure('first load, sign-in page', signIn, 185),
    figure('first load, Home, without the chart', home),
    figure('first load, Users page', usersPage, 340),
    { name: 'texts of all pages, in English', value: textsOf('en'), unit: 'kB gz' },
    { name: 'texts of all pages, in the longest language', value: most, unit: 'kB gz' },
    figure('the dialog, beyond its page', beyond(dialog, profile)),
    figure(
      'the strength meter’s part, lazily',
      beyond(filesOf(['src/passwords/start-strength-worker.ts']), new Set([...profile, ...dialog])),
    ),
    figure(
      'commonly used passwords, lazily',
      beyond(
        filesOf(['../shared/src/password-policy/common-passwords/strict-list.ts']),
        new Set([...profile, ...dialog]),
      ),
    ),
  ]
}
