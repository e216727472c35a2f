import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../config/config-error.js'
import { parseSecretsKey, secretsKeyBytes } from '../config/secrets-key.js'

/**
 * Reads the key from a file; null if the file does not exist.
 *
 * @throws ConfigError if the file does not contain a key or cannot be read.
 */
export const readSecretsKeyFile = async (file: string): Promise<Buffer | null> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new ConfigError([`${file} cannot be read.`])
  }
  const key = parseSecretsKey(text)
  if (key === null) throw new ConfigError([`${file} must contain 32 bytes in base64.`])
  return key
}

/**
 * Creates a key and its file, which only the file's owner can read. If another process was
 * first, returns the key of that process.
 */
export const makeSecretsKeyFile = async (file: string): Promise<Buffer> => {
  const key = randomBytes(secretsKeyBytes)
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(unfinished, `${key.toString('base64')}\n`, { mode: 0o600, flush: true })
    // A link makes the complete file appear at once under its name, and never replaces another
    // file.
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

/** The file of the key that will replace the one in this file. */
export const newSecretsKeyFile = (file: string): string => `${file}.new`

/** Creates a key that will replace the one in this file, in a file next to it. */
export const makeNewSecretsKeyFile = async (file: string): Promise<Buffer> => {
  const key = randomBytes(secretsKeyBytes)
  const newFile = newSecretsKeyFile(file)
  // Remove the file of a replacement that was interrupted before its transaction.
  await rm(newFile, { force: true })
  await writeFile(newFile, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  await syncFolderOf(newFile)
  return key
}

/** Replaces the key file with the new one. The old key no longer unseals anything. */
export const useNewSecretsKeyFile = async (file: string): Promise<void> => {
  await rename(newSecretsKeyFile(file), file)
  await syncFolderOf(file)
}

// Without this, a power failure could lose the file, even though its content was flushed.
const syncFolderOf = async (file: string): Promise<void> => {
  const folder = await open(dirname(file))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
