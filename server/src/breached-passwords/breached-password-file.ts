import { type FileHandle, open } from 'node:fs/promises'
import { type BreachSource, BreachSourceFailed } from './breach-source.js'

/** A part of the file that is small enough to be read at once, in bytes. */
const blockBytes = 4_096
// 40 hex digits, a colon, a count, and the line break.
const maxLineBytes = 64
/** The number of places at which {@link BreachedPasswordFile.requireSorted} reads the file. */
const sampleCount = 64

const hashPattern = /^([\da-f]{40}):/i
const linePattern = /^([\da-f]{40}):(\d{1,15})\r?$/i

const invalid = (): BreachSourceFailed =>
  new BreachSourceFailed(
    'FILE_INVALID',
    'The file of breached passwords is not a sorted list of SHA-1 hashes and counts.',
  )

/** Reads a part of the file as text. Stops early only at the end of the file. */
const readText = async (file: FileHandle, start: number, bytes: number): Promise<string> => {
  const buffer = Buffer.alloc(bytes)
  let filled = 0
  while (filled < bytes) {
    const { bytesRead } = await file.read(buffer, filled, bytes - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.toString('latin1', 0, filled)
}

const hashAtBegin = (text: string): string => {
  const hash = hashPattern.exec(text)?.[1]
  if (hash === undefined) throw invalid()
  return hash.toUpperCase()
}

/** The first line that begins after this place, which must be far enough from the end of the file. */
const readLineAfter = async (
  file: FileHandle,
  place: number,
): Promise<{ start: number; hash: string }> => {
  const text = await readText(file, place, 2 * maxLineBytes)
  const lineBreak = text.indexOf('\n')
  if (lineBreak < 0 || lineBreak > maxLineBytes) throw invalid()
  return { start: place + lineBreak + 1, hash: hashAtBegin(text.slice(lineBreak + 1)) }
}

/** Whether one of these complete lines has the hash, with a count above 0. */
const hasHash = (text: string, sha1: string): boolean => {
  let found = false
  for (const line of text.split('\n')) {
    if (line === '' || line === '\r') continue
    const [, hash, count] = linePattern.exec(line) ?? []
    if (hash === undefined) throw invalid()
    // A count of 0 is padding.
    found ||= hash.toUpperCase() === sha1 && Number(count) > 0
  }
  return found
}

/**
 * A file as the Have I Been Pwned downloader writes it: a line `<SHA-1>:<count>` for each password,
 * sorted by hash. It has tens of gigabytes, so each look-up searches it on disk by bisection, with
 * about 25 short reads.
 */
export class BreachedPasswordFile implements BreachSource {
  readonly kind = 'FILE'

  /** @param path of the file. It is opened for each look-up, so that it can be replaced. */
  constructor(readonly path: string) {}

  async contains(sha1: string): Promise<boolean> {
    return this.withFile(async (file, size) => {
      // Both always are at the beginning of a line, or at the end of the file.
      let start = 0
      let end = size
      while (end - start > blockBytes) {
        const line = await readLineAfter(file, Math.floor((start + end) / 2))
        if (line.hash <= sha1) start = line.start
        else end = line.start
      }
      return hasHash(await readText(file, start, end - start), sha1)
    })
  }

  /**
   * Checks at some places that the file has the right form and is sorted.
   *
   * @throws BreachSourceFailed if not, and errors of the file system.
   */
  async requireSorted(): Promise<void> {
    await this.withFile(async (file, size) => {
      const text = await readText(file, 0, Math.min(size, blockBytes))
      const lastBreak = text.lastIndexOf('\n')
      hasHash(size <= blockBytes ? text : text.slice(0, Math.max(lastBreak, 0)), '')
      let previous = hashAtBegin(text)
      if (size <= blockBytes) return
      for (let sample = 0; sample < sampleCount; sample += 1) {
        const place = Math.floor(((size - 2 * maxLineBytes) * (sample + 1)) / sampleCount)
        const { hash } = await readLineAfter(file, place)
        if (hash < previous) throw invalid()
        previous = hash
      }
    })
  }

  private async withFile<Result>(
    work: (file: FileHandle, size: number) => Promise<Result>,
  ): Promise<Result> {
    const file = await open(this.path, 'r')
    try {
      const { size } = await file.stat()
      if (size === 0) throw invalid()
      return await work(file, size)
    } finally {
      await file.close()
    }
  }
}
