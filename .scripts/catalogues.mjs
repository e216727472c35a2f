// Where the catalogues of texts are.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDir } from './workspace.mjs'

/** The language that is always complete. */
export const sourceLocale = 'en'

/** Each package, its compiled catalogues, and the folders that their texts come from. */
export const packages = [
  {
    name: 'client',
    extension: '',
    catalogues: {
      signIn: ['client/messages/sign-in'],
      console: ['client/messages/console', 'shared/messages'],
    },
  },
  {
    name: 'server',
    extension: '.js',
    catalogues: { server: ['server/messages', 'shared/messages'] },
  },
]

/** The folders of all texts. */
export const folders = [
  ...new Set(packages.flatMap(({ catalogues }) => Object.values(catalogues)).flat()),
]

/** The content of a file in JSON, by its path in the project. */
export const readJson = path => {
  try {
    return JSON.parse(readFileSync(join(projectDir, path), 'utf8'))
  } catch (failure) {
    throw new Error(`${path}: ${failure.message}`)
  }
}
