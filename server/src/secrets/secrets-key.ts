import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../config/config-error.js'
import { parseSecretsKey, secretsKeyBytes } from '../config/secrets-key.js'

/**
 * The key that a file holds; null when there is no such file.
 *
 * @throws ConfigError when the file holds something else.
 */
export const readSecretsKeyFile = async (file: string): Promise<Buffer | null> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new ConfigError([`${file} can’t be read.`])
  }
  const key = parseSecretsKey(text)
  if (key === null) throw new ConfigError([`${file} takes 32 bytes in base64.`])
  return key
}

/** Makes a key and its file, which its owner alone can read. Another process may have been first. */
export const makeSecretsKeyFile = async (file: string): Promise<Buffer> => {
  const key = randomBytes(secretsKeyBytes)
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(unfinished, `${key.toString('base64')}\n`, { mode: 0o600, flush: true })
    // Under its name it is whole from the first moment, and never written over another.
    await link(unfinished, file)
    return key
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure
    const made = await readSecretsKeyFile(file)
    if (made === null) throw failure
    return made
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** The file of a key that is to replace the one in this file. */
export const newSecretsKeyFile = (file: string): string => `${file}.new`

/** Makes a key to replace the one in this file, in a file beside it. */
export const makeNewSecretsKeyFile = async (file: string): Promise<Buffer> => {
  const key = randomBytes(secretsKeyBytes)
  const newFile = newSecretsKeyFile(file)
  // Left by a replacement that was interrupted before its transaction.
  await rm(newFile, { force: true })
  await writeFile(newFile, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  await syncFolderOf(newFile)
  return key
}

/** Puts the new key in place of the old one, which no longer opens anything. */
export const useNewSecretsKeyFile = async (file: string): Promise<void> => {
  await rename(newSecretsKeyFile(file), file)
  await syncFolderOf(file)
}

// Without it, a power failure could lose a file whose content was flushed.
const syncFolderOf = async (file: string): Promise<void> => {
  const folder = await open(dirname(file))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
