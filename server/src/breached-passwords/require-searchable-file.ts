import { ConfigError, dependingOn } from '../config/config-error.js'
import { BreachSourceFailed } from './breach-source.js'
import { BreachedPasswordFile } from './breached-password-file.js'

/**
 * Checks at the start that the file of breached passwords can be searched.
 *
 * @param path of the file; null if no file is configured.
 * @throws ConfigError if the file is missing, has another form or is not sorted.
 */
export const requireSearchableFile = async (path: string | null): Promise<void> => {
  if (path === null) return
  await dependingOn('BREACHED_PASSWORDS_FILE', async () => {
    try {
      await new BreachedPasswordFile(path).requireSorted()
    } catch (failure) {
      if (!(failure instanceof BreachSourceFailed)) throw failure
      throw new ConfigError([
        `BREACHED_PASSWORDS_FILE: ${path} must have a line <SHA-1>:<count> for each password, sorted by hash, as the Have I Been Pwned downloader writes it.`,
      ])
    }
  })
}
