import { createHash } from 'node:crypto'
import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { type Text, text } from '../messages/language.js'
import type { AccountLogo } from '../settings/account-look.js'

/** The most bytes of a logo, as uploaded and as stored. */
export const maxLogoBytes = 64 * 1024

/** The greatest width and height of a logo, in pixels. */
export const maxLogoSide = 512

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

const animationChunks = ['acTL', 'fcTL', 'fdAT']

/** For each colour type, the samples of a pixel, and the bits that a sample can have (PNG, 11.2.1). */
const colorTypes: Readonly<Record<number, { samples: number; depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
}
const indexed = 3

/** A part of a PNG. */
interface Chunk {
  readonly type: string
  readonly data: Buffer
}

/** The parts of a PNG, up to the last one; null if they are malformed. */
const chunksOf = (png: Buffer): Chunk[] | null => {
  if (!png.subarray(0, 8).equals(signature)) return null
  const chunks: Chunk[] = []
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 12 + png.readUInt32BE(at)
    if (end > png.length) return null
    if (crc32(png.subarray(at + 4, end - 4)) !== png.readUInt32BE(end - 4)) return null
    const type = png.toString('latin1', at + 4, at + 8)
    chunks.push({ type, data: png.subarray(at + 8, end - 4) })
    if (type === 'IEND') return chunks
    at = end
  }
  return null
}

const written = ({ type, data }: Chunk): Buffer => {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(content.length + 8)
  whole.writeUInt32BE(data.length, 0)
  content.copy(whole, 4)
  whole.writeUInt32BE(crc32(content), content.length + 4)
  return whole
}

/**
 * The palette and the transparency that an image needs (PNG, 11.2.2 and 11.3.1). Null if one is
 * missing, given twice, or of a wrong length.
 */
const colorsOf = (chunks: readonly Chunk[], colorType: number, depth: number): Chunk[] | null => {
  const [palette, ...palettes] = chunks.filter(({ type }) => type === 'PLTE')
  const [alpha, ...alphas] = chunks.filter(({ type }) => type === 'tRNS')
  if (palettes.length > 0 || alphas.length > 0) return null
  const length = alpha?.data.length ?? 0
  if (colorType !== indexed) {
    // Any other palette is only a suggestion.
    if (alpha === undefined) return []
    const expected = { 0: 2, 2: 6 }[colorType]
    return length === expected ? [alpha] : null
  }
  const colors = (palette?.data.length ?? 0) / 3
  if (palette === undefined || !Number.isInteger(colors) || colors < 1 || colors > 2 ** depth) {
    return null
  }
  if (length > colors) return null
  return alpha === undefined ? [palette] : [palette, alpha]
}

type Reading = { readonly logo: AccountLogo } | { readonly problem: Text }

const invalid: Reading = { problem: text('account-look.error.logoInvalid') }
const tooLarge: Reading = {
  problem: text('account-look.error.logoTooLarge', { kilobytes: maxLogoBytes / 1024 }),
}

/**
 * Reads an uploaded logo, and writes it again from its pixels, without any metadata. Decompresses no
 * more than the pixels of its header need, so a small file cannot need much memory. The pixels are
 * not decoded: only browsers do that.
 *
 * @param uploaded the file. It may be anything.
 */
export const readLogo = (uploaded: Buffer): Reading => {
  if (uploaded.length > maxLogoBytes) return tooLarge
  const [header, ...chunks] = chunksOf(uploaded) ?? []
  if (header?.type !== 'IHDR' || header.data.length !== 13) return invalid
  if (chunks.some(({ type }) => type === 'IHDR')) return invalid
  const width = header.data.readUInt32BE(0)
  const height = header.data.readUInt32BE(4)
  const [depth = 0, colorType = -1, compression, filter, interlace] = header.data.subarray(8)
  const color = colorTypes[colorType]
  if (color?.depths.includes(depth) !== true || compression !== 0 || filter !== 0) return invalid
  if (width < 1 || height < 1 || width > maxLogoSide || height > maxLogoSide) {
    return { problem: text('account-look.error.logoDimensions', { max: maxLogoSide }) }
  }
  if (interlace !== 0) return { problem: text('account-look.error.logoInterlaced') }
  if (chunks.some(({ type }) => animationChunks.includes(type))) {
    return { problem: text('account-look.error.logoAnimated') }
  }
  const colors = colorsOf(chunks, colorType, depth)
  if (colors === null) return invalid
  const compressed = chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []))
  const lineLength = 1 + Math.ceil((width * color.samples * depth) / 8)
  const rawLength = height * lineLength
  try {
    const raw = inflateSync(Buffer.concat(compressed), { maxOutputLength: rawLength })
    if (raw.length !== rawLength) return invalid
    // Each line begins with the number of its filter.
    for (let at = 0; at < rawLength; at += lineLength) if ((raw[at] ?? 0) > 4) return invalid
    const pixels = { type: 'IDAT', data: deflateSync(raw, { level: 9 }) }
    const end = { type: 'IEND', data: Buffer.alloc(0) }
    const png = Buffer.concat([signature, ...[header, ...colors, pixels, end].map(written)])
    if (png.length > maxLogoBytes) return tooLarge
    const version = createHash('sha256').update(png).digest('hex').slice(0, 16)
    return { logo: { version, png } }
  } catch {
    // The library quotes parts of the file, and there is nothing more to say than this.
    return invalid
  }
}
