import { storableText } from './storable-text.js'

// Letters that Unicode does not take apart, as people write them who lack the key.
const plainLetters: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ŋ: 'n',
  ŧ: 't',
  ĸ: 'k',
  ə: 'e',
  ɛ: 'e',
  ɔ: 'o',
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ƴ: 'y',
  ƒ: 'f',
  ɨ: 'i',
  ʉ: 'u',
  ƶ: 'z',
  ς: 'σ',
}

const plainSigns: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‛': "'",
  ʻ: "'",
  ʼ: "'",
  ʹ: "'",
  '′': "'",
  '´': "'",
  '`': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '″': '"',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
}

const oneOf = (signs: Readonly<Record<string, string>>): RegExp =>
  new RegExp(`[${Object.keys(signs).join('')}]`, 'gu')

const anyLetter = oneOf(plainLetters)
const anySign = oneOf(plainSigns)

/**
 * Folds text for searching and sorting, so that "Paweł Wąs" is found by "pawel was", and
 * "O’Brien" by "o'brien": without case, marks and characters that nobody sees; letters that
 * Unicode does not take apart become plain ones; typographic apostrophes, quotation marks and
 * hyphens, and forms of full width, become those of a keyboard. Folding twice changes nothing.
 */
export const foldText = (text: string): string =>
  storableText(text)
    // Before NFKD, which makes a space and a mark of some.
    .replace(anySign, sign => plainSigns[sign] ?? sign)
    .normalize('NFKD')
    .replace(anySign, sign => plainSigns[sign] ?? sign)
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    // There and back: a letter may have two small forms, or two capitals, as ß and ẞ.
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(anyLetter, letter => plainLetters[letter] ?? letter)
