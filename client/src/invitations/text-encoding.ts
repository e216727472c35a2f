import type { PlainMessageId } from '../messages/locale'

/** An encoding of text files. */
export interface Encoding {
  /** The label in the Encoding Standard of the WHATWG, which browsers implement. */
  readonly label: string
  /** The name, the same in every language. */
  readonly name: string
  /** The languages or the script that it is for. */
  readonly script?: PlainMessageId
}

interface Language {
  /** The letters outside ASCII, in the order of their frequency in names. */
  readonly letters: string
  /** Matches a letter in a place where names of this language do not have it. */
  readonly unlikely?: RegExp
}

interface GuessedEncoding extends Encoding {
  /** The weight of a letter; lower in an encoding that programs hardly use today. */
  readonly weight?: number
  readonly languages: readonly Language[]
}

const german: Language = { letters: 'üöäß' }

const western: readonly Language[] = [
  { letters: 'éèçëêàâîïôûùüœæÿ', unlikely: /è[aeiou]/ },
  german,
  { letters: 'éíáóñúü', unlikely: /ñ(?![aeiouáéíóú])/ },
  { letters: 'ãáéçóíâêúõôà', unlikely: /ã(?!o|e|s?$)|õ(?!e)/ },
  { letters: 'èàòìùé' },
  { letters: 'åäöéü' },
  { letters: 'øåæéöü', unlikely: /ø[aeiouyæåø]|æ$/ },
  { letters: 'áóéíúðþýæö', unlikely: /^ð|.þ/ },
  { letters: 'ëéïöüèó' },
  { letters: 'íàèéòóúçïü' },
  { letters: 'äöüõšž' },
]

const central: readonly Language[] = [
  { letters: 'łńśąóęćżź', unlikely: /ń[aeiouyąęó]/ },
  { letters: 'řčžšýěáíéůúňťďó', unlikely: /^ý|ř[bcdfghjklmnprstvxz]/ },
  { letters: 'čžšýáíéúľňťďôóäŕĺ', unlikely: /^ý/ },
  { letters: 'őűáéöüóíú', unlikely: /őe/ },
  { letters: 'ăâşţî', unlikely: /ă[oe]/ },
  { letters: 'ćčžšđ' },
  german,
]

const turkish: readonly Language[] = [{ letters: 'ıİğşçöüâî' }, german]

const cyrillic: readonly Language[] = [
  { letters: 'аеоинвкрлсмтдйгыяюьчбшзфухпжэцщёъ' },
  { letters: 'аоеикнрвлсмтдіюьгчйбяшзухпцжфщєїґ' },
  { letters: 'аоеикнрвлсмтдыўіяюьгчйбшзухпцжфё' },
  { letters: 'аоеикнрвлсмтдјћчђшжбгзпуцфхњљџ' },
]

const greek: readonly Language[] = [{ letters: 'αοιςσρηλντεκμπίόάυδγβωύέθώχφζήξψϊϋ' }]

const baltic: readonly Language[] = [
  { letters: 'šėžūčųįęą' },
  { letters: 'āšņēļūķīģžčŗ' },
  { letters: 'äöüõšž' },
]

const hebrew: readonly Language[] = [{ letters: 'ילהנאבמרושדתחעגפכקןטםסצזץךף' }]

const guessed: readonly GuessedEncoding[] = [
  {
    label: 'windows-1252',
    name: 'Windows-1252',
    script: 'invitations.script.westernEuropean',
    languages: western,
  },
  {
    label: 'windows-1250',
    name: 'Windows-1250',
    script: 'invitations.script.centralEuropean',
    languages: central,
  },
  {
    label: 'iso-8859-2',
    name: 'ISO 8859-2',
    script: 'invitations.script.centralEuropean',
    languages: central,
    weight: 0.8,
  },
  {
    label: 'windows-1254',
    name: 'Windows-1254',
    script: 'invitations.script.turkish',
    languages: turkish,
  },
  {
    label: 'windows-1251',
    name: 'Windows-1251',
    script: 'invitations.script.cyrillic',
    languages: cyrillic,
  },
  {
    label: 'windows-1253',
    name: 'Windows-1253',
    script: 'invitations.script.greek',
    languages: greek,
  },
  {
    label: 'windows-1257',
    name: 'Windows-1257',
    script: 'invitations.script.baltic',
    languages: baltic,
    weight: 0.8,
  },
  {
    label: 'windows-1255',
    name: 'Windows-1255',
    script: 'invitations.script.hebrew',
    languages: hebrew,
  },
  {
    label: 'macintosh',
    name: 'Mac Roman',
    script: 'invitations.script.westernEuropean',
    languages: western,
    weight: 0.7,
  },
]

/** The encodings that can be chosen; some of them are never guessed. */
export const encodings: readonly Encoding[] = [
  { label: 'utf-8', name: 'UTF-8' },
  { label: 'utf-16le', name: 'UTF-16 LE' },
  { label: 'utf-16be', name: 'UTF-16 BE' },
  ...guessed,
  { label: 'windows-1256', name: 'Windows-1256', script: 'invitations.script.arabic' },
  { label: 'koi8-u', name: 'KOI8-U', script: 'invitations.script.cyrillic' },
  { label: 'shift_jis', name: 'Shift JIS', script: 'invitations.script.japanese' },
  { label: 'gb18030', name: 'GB 18030', script: 'invitations.script.chinese' },
  { label: 'big5', name: 'Big5', script: 'invitations.script.chinese' },
  { label: 'euc-kr', name: 'EUC-KR', script: 'invitations.script.korean' },
]

/** Replaces bytes that are no character of the encoding. */
export const replacement = '\uFFFD'

/**
 * Decodes the text of a file, without a byte order mark. Never throws: bytes that are no character
 * of the encoding become U+FFFD.
 */
export const decodeText = (bytes: Uint8Array, label: string): string =>
  new TextDecoder(label).decode(bytes)

const markOf = ([first, second, third]: Uint8Array): string | null => {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}

/** Recognizes UTF-16: Latin letters, separators and line breaks have a NUL in every other byte. */
const utf16Of = (bytes: Uint8Array): string | null => {
  const nuls: [even: number, odd: number] = [0, 0]
  const sample = bytes.subarray(0, 65_536)
  for (const [at, byte] of sample.entries()) if (byte === 0) nuls[at % 2 === 0 ? 0 : 1] += 1
  const [even, odd] = nuls
  // A file in Cyrillic or Chinese also contains e-mail addresses and separators.
  if (Math.max(even, odd) < sample.length / 40) return null
  if (even * 20 < odd) return 'utf-16le'
  return odd * 20 < even ? 'utf-16be' : null
}

const isValidUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/**
 * Whether a file has more valid than broken UTF-8 characters. Text in another encoding is hardly
 * ever valid by chance. So such a file is UTF-8, and its broken lines are reported.
 */
const isMostlyUtf8 = (bytes: Uint8Array): boolean => {
  let valid = 0
  let broken = 0
  for (const character of decodeText(bytes, 'utf-8')) {
    if (character === replacement) broken += 1
    else if (character > '\x7F') valid += 1
  }
  return valid > 0 && valid >= broken
}

const maxWords = 3_000

const isLetter = (byte: number): boolean =>
  byte >= 0x80 || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)

/** The different words with bytes outside ASCII, separated by spaces. */
const wordsBeyondAscii = (bytes: Uint8Array): Uint8Array => {
  // Each word counts once: a word in every line contains no more information than a single
  // one.
  const words = new Set<string>()
  let start = 0
  let isBeyond = false
  for (let at = 0; at <= bytes.length && words.size < maxWords; at += 1) {
    const byte = bytes[at] ?? 0x20
    if (isLetter(byte)) {
      isBeyond ||= byte >= 0x80
      continue
    }
    // No name has more than 40 letters, but a file without spaces may be one long word.
    if (isBeyond && at - start <= 40) words.add(String.fromCharCode(...bytes.subarray(start, at)))
    start = at + 1
    isBeyond = false
  }
  return Uint8Array.from([...words].join(' '), character => character.charCodeAt(0))
}

// These characters are the same in all of these encodings, and no part of a name in another one.
const punctuation = /[’‘“”„–—\u00A0]/gu

const scoreIn = ({ letters, unlikely }: Language, beyond: readonly string[], word: string) => {
  let score = 0
  for (const letter of beyond) {
    const at = letters.indexOf(letter)
    if (at === -1) return -1
    score += 1 - at / (2 * letters.length)
  }
  return unlikely?.test(word) ? score / 5 : score
}

/** A score for how likely a word is a name in one of the languages. */
const scoreOf = (word: string, languages: readonly Language[]): number => {
  const plain = word.replace(punctuation, '')
  const beyond = [...plain].filter(character => character > '\x7F')
  const strange = beyond.filter(one => !/\p{L}/u.test(one) || one === 'ª' || one === 'º').length
  if (strange > 0) return -3 * strange
  const isLatin = /[a-z]/i.test(plain)
  const isOther = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}]/u.test(plain)
  if (isLatin && isOther) return -3
  // Èâàíîâ: a Latin word of only accented letters is really a word of another script. Żółć is
  // a real exception.
  if (!isLatin && !isOther && beyond.length > 4) return -3
  if (/\p{Ll}\p{Lu}/u.test(plain)) return -2
  // The lower-case form of İ has two characters.
  const lower = beyond.map(one => (one === 'İ' ? one : one.toLowerCase()))
  return Math.max(...languages.map(one => scoreIn(one, lower, plain.toLowerCase())))
}

const legacyOf = (bytes: Uint8Array): string => {
  const words = wordsBeyondAscii(bytes)
  const read = guessed.map(({ label, languages, weight = 1 }) => {
    const text = decodeText(words, label)
    const score = text.split(' ').reduce((sum, word) => sum + scoreOf(word, languages), 0)
    return { label, text, score: score > 0 ? weight * score : score }
  })
  const best = read.reduce((most, one) => (one.score > most.score ? one : most))
  // If several give the same text, the first is the most common one.
  return read.find(({ text }) => text === best.text)?.label ?? best.label
}

/**
 * Guesses the encoding of a text file: by its byte order mark; otherwise UTF-16 by its NUL bytes;
 * otherwise UTF-8 if the bytes are valid; otherwise the encoding in which its words look most like
 * names.
 *
 * @returns a label of {@link encodings}.
 */
export const guessEncoding = (bytes: Uint8Array): string =>
  markOf(bytes) ??
  utf16Of(bytes) ??
  (isValidUtf8(bytes) || isMostlyUtf8(bytes) ? 'utf-8' : legacyOf(bytes))
