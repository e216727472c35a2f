// Where the catalogues of texts are.

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
