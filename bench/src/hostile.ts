/** A repeatable random generator: the same seed produces the same requests (mulberry32). */
export class Chance {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** A number from 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** True with the given probability. */
  is(share: number): boolean {
    return this.next() < share
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item
  }
}

// Each piece is known to make some parser, pattern or normalization slow when it is repeated.
const pieces = [
  ...'a 0.,;:@/\\"\'`<>()[]{}#$%&*+-=?!_|~^\n\t\r',
  '\0',
  '\u007f',
  '\u0301',
  '\u0316\u0301',
  '\u0301\uFF9E',
  'a\u0345\u0301',
  '\u1100\u1161\u11A8',
  '\uFDFA',
  'ﬃ',
  'Ａ',
  'İ',
  'ß',
  'ς',
  '\u00AD',
  '\u200D',
  '\u202E',
  '\u2028',
  '\uD800',
  '\uDC00',
  '😀',
  '👨‍👩‍👧‍👦',
  "<'cannot represent '",
  '"<',
  '\\"',
  '\\u0301',
  'a@a.',
  '.a',
  '1e',
  '+1 ',
  'xn--',
  '%00',
  '%ZZ',
  '::',
  '2026-01-01T',
  '${',
  '{{',
  '../',
  ' OR ',
  '*/',
]

const lengths = [
  0, 1, 2, 3, 8, 20, 50, 63, 64, 65, 99, 100, 101, 150, 199, 200, 201, 253, 254, 255, 500, 999,
  1_000, 1_001, 2_000, 4_000, 4_001, 9_000, 19_999, 20_001, 40_000, 80_000,
]

/** A text of one or several pieces, repeated up to a length that some check may have forgotten. */
export const hostileText = (chance: Chance, maxLength = 80_000): string => {
  const length = Math.min(chance.pick(lengths), maxLength)
  const repeated = Array.from({ length: 1 + chance.below(3) }, () => chance.pick(pieces)).join('')
  const body = repeated.repeat(Math.ceil(length / repeated.length)).slice(0, length)
  const start = chance.is(0.3) ? chance.pick(['+', '"', 'a', '@', 'rk_live_', 'https:', '1']) : ''
  const end = chance.is(0.3) ? chance.pick(['x', '"', '\n', '@a.b', '!']) : ''
  return start + body + end
}

/** The same for a header, which may contain bytes but no control characters. */
export const hostileHeader = (chance: Chance): string => {
  const start = chance.pick([
    '',
    '',
    'application/json;',
    'Bearer ',
    'a=',
    '"',
    'gzip;',
    'bytes=',
    'W/"',
  ])
  const text = hostileText(chance, 14_000)
  return (start + text).replace(/[^\x20-\x7e\xa0-\xff]/g, '?').slice(0, 14_000)
}
