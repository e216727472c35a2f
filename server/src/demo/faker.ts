import { ConfigError } from '../config/config-error.js'

/**
 * Loads faker, which makes up the users of the demo. It is an optional dependency: only a package
 * that was made with `--demo` contains it.
 *
 * @throws ConfigError if it is not installed.
 */
export const loadFaker = async (): Promise<typeof import('@faker-js/faker')> => {
  try {
    return await import('@faker-js/faker')
  } catch (failure) {
    const { code } = failure as Partial<NodeJS.ErrnoException>
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') throw failure
    throw new ConfigError([
      'This package has no demo data. Make a package that has it: npm run package -- --demo.',
    ])
  }
}
