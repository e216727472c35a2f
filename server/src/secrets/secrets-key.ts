import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
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
