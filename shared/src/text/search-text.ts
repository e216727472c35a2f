import { storableText } from './storable-text.js'

// Letters that Unicode does not decompose, as people write them if their keyboard lacks the key.
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
 * Folds text for searching and sorting, so that "pawel was" finds "Paweł Wąs", and "o'brien" finds
 * "O’Brien". Removes case, marks and invisible characters. Letters that Unicode does not decompose
 * become plain letters. Typographic apostrophes, quotation marks and hyphens, and full-width forms,
 * become those of a keyboard. Folding a second time changes nothing.
 */
export const foldText = (text: string): string =>
  storableText(text)
    // Before NFKD, which turns some of these signs into a space and a mark.
    .replace(anySign, sign => plainSigns[sign] ?? sign)
    .normalize('NFKD')
    .replace(anySign, sign => plainSigns[sign] ?? sign)
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    // To upper case and back, because a letter may have two small forms or two capitals, as ß and ẞ.
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(anyLetter, letter => plainLetters[letter] ?? letter)
