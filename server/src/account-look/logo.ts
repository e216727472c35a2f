import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import { PNG } from 'pngjs'
import { type Text, text } from '../messages/language.js'
import type { AccountLogo } from '../settings/account-look.js'

/** The most bytes of a logo, as uploaded and as stored. */
export const maxLogoBytes = 64 * 1024

/** The greatest width and height of a logo, in pixels. */
export const maxLogoSide = 512

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

// What is needed to show the pixels. Everything else, such as texts, profiles and dates, is dropped.
const pixelChunks = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']
const animationChunks = ['acTL', 'fcTL', 'fdAT']

// Samples of a pixel, by colour type.
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** A part of a PNG: its type, and its bytes with length and checksum. */
interface Chunk {
  readonly type: string
  readonly data: Buffer
  readonly whole: Buffer
}

/** The parts of a PNG, up to the last one; null if they are malformed. */
const chunksOf = (png: Buffer): Chunk[] | null => {
  if (!png.subarray(0, 8).equals(signature)) return null
  const chunks: Chunk[] = []
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 12 + png.readUInt32BE(at)
    if (end > png.length) return null
    const type = png.toString('latin1', at + 4, at + 8)
    chunks.push({ type, data: png.subarray(at + 8, end - 4), whole: png.subarray(at, end) })
    if (type === 'IEND') return chunks
    at = end
  }
  return null
}

type Reading = { readonly logo: AccountLogo } | { readonly problem: Text }

const invalid: Reading = { problem: text('account-look.error.logoInvalid') }
const tooLarge: Reading = {
  problem: text('account-look.error.logoTooLarge', { kilobytes: maxLogoBytes / 1024 }),
}

/**
 * Reads an uploaded logo, and writes it again from its pixels, without any metadata. Checks the size
 * of the image before it decompresses it, so a small file cannot need much memory.
 *
 * @param uploaded the file. It may be anything.
 */
export const readLogo = (uploaded: Buffer): Reading => {
  if (uploaded.length > maxLogoBytes) return tooLarge
  const chunks = chunksOf(uploaded)
  const header = chunks?.[0]
  if (chunks === null || header?.type !== 'IHDR' || header.data.length !== 13) return invalid
  const width = header.data.readUInt32BE(0)
  const height = header.data.readUInt32BE(4)
  const [depth = 0, colorType = -1, , , interlace = 0] = header.data.subarray(8)
  const sampleCount = samples[colorType]
  if (sampleCount === undefined || ![1, 2, 4, 8, 16].includes(depth)) return invalid
  if (width < 1 || height < 1 || width > maxLogoSide || height > maxLogoSide) {
    return { problem: text('account-look.error.logoDimensions', { max: maxLogoSide }) }
  }
  if (interlace !== 0) return { problem: text('account-look.error.logoInterlaced') }
  if (chunks.some(({ type }) => animationChunks.includes(type))) {
    return { problem: text('account-look.error.logoAnimated') }
  }
  const pixels = chunks.filter(({ type }) => pixelChunks.includes(type))
  const compressed = pixels.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []))
  const rawLength = height * (1 + Math.ceil((width * sampleCount * depth) / 8))
  try {
    const raw = inflateSync(Buffer.concat(compressed), { maxOutputLength: rawLength })
    if (raw.length !== rawLength) return invalid
    const image = PNG.sync.read(Buffer.concat([signature, ...pixels.map(({ whole }) => whole)]))
    const png = PNG.sync.write(image)
    if (png.length > maxLogoBytes) return tooLarge
    const version = createHash('sha256').update(png).digest('hex').slice(0, 16)
    return { logo: { version, png } }
  } catch {
    // The libraries quote parts of the file, and there is nothing more to say than this.
    return invalid
  }
}
